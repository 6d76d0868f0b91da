package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * One cache for Java and Python, where a Python that has {@code huggingface_hub} is found ({@code -Dpython=PATH}, by default
 * {@code python3}).
 */
class RealPythonTest extends WithTestHub {
    private Snapshot download(boolean offline) {
        return download(server.settings(cache).offline(offline), "owner/name");
    }

    @Test
    void pythonAcceptsWhatWeFetched() throws Exception {
        assumePython();
        download(false);

        assertThat(python(
                        """
                        import os, huggingface_hub as h
                        c = os.environ['HF_HUB_CACHE']
                        commit = '%s'
                        p = h.snapshot_download('owner/name', local_files_only=True)
                        assert p == os.path.join(c, 'models--owner--name', 'snapshots', commit), p
                        for f in ['model.safetensors', 'moshika-vis.yaml']:
                            assert h.try_to_load_from_cache('owner/name', f) == os.path.join(p, f)
                        assert h.try_to_load_from_cache('owner/name', 'config.json') is h._CACHED_NO_EXIST
                        s = h.scan_cache_dir()
                        assert not s.warnings, s.warnings
                        [r] = s.repos
                        [v] = r.revisions
                        assert v.commit_hash == commit and v.refs == {'main'} and len(v.files) == 4
                        h.snapshot_download('owner/name')
                        print('fine')
                        """
                                .formatted(repo.commit)))
                .endsWith("fine");
        assertThat(server.requests(TestHub.storageOf(TestRepo.LM)))
                .as("Python fetched again what we had")
                .hasSize(4);
        assertThat(download(true).files()).hasSize(4);
    }

    @Test
    void pythonSeesNoDamageInAnUnfinishedDownload() throws Exception {
        assumePython();
        server.misbehave(
                TestHub.storageOf(TestRepo.LM), Integer.MAX_VALUE, answer -> answer.become(Answer.status(500)));
        assertThatThrownBy(() -> download(false)).isInstanceOf(HubException.class);

        assertThat(
                        python(
                                """
                        import huggingface_hub as h
                        s = h.scan_cache_dir()
                        assert not s.warnings, s.warnings
                        print(len(s.repos), 'fine')
                        """))
                .endsWith("1 fine");
    }

    @Test
    void weAcceptWhatPythonFetched() throws Exception {
        assumePython();
        assertThat(
                        python(
                                """
                        import huggingface_hub as h
                        h.snapshot_download('owner/name')
                        print('fine')
                        """))
                .endsWith("fine");
        server.requests.clear();

        assertThat(download(server.settings(cache), "owner/name@" + repo.commit).files())
                .hasSize(4);
        assertThat(download(true).files()).hasSize(4);
        assertThat(server.requests).isEmpty();
        HubCache hubCache = HubCache.of(server.settings(cache));
        assertThat(hubCache.verify(repo.model(), ProgressListener.NONE).checked())
                .isEqualTo(repo.files.size());
    }

    private static final String PYTHON = System.getProperty("python", "python3");

    private void assumePython() throws Exception {
        assumeThat(run(List.of(PYTHON, "-c", "import huggingface_hub"), Map.of())
                        .exit())
                .as("%s has no huggingface_hub (choose another by -Dpython=PATH)", PYTHON)
                .isZero();
    }

    private String python(String program) throws Exception {
        Run run = run(
                Arrays.asList(PYTHON, "-c", program),
                Map.of(
                        "HF_ENDPOINT", server.endpoint().toString(),
                        "HF_HUB_CACHE", cache.toString(),
                        "HF_HUB_DISABLE_XET", "1",
                        "HF_HUB_DISABLE_PROGRESS_BARS", "1",
                        "HF_HUB_DISABLE_TELEMETRY", "1"));
        assertThat(run.exit()).as(run.output()).isZero();
        return run.output().strip();
    }

    private record Run(int exit, String output) {}

    private Run run(List<String> command, Map<String, String> environment) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), output);
        } catch (IOException e) {
            return new Run(-1, e.toString());
        }
    }
}
