package io.github.moshivis.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadOptionsTest {
    @Test
    void aSetterLeavesTheOriginalAsItIs() {
        LoadOptions one = LoadOptions.defaults().threads(3);
        LoadOptions two = one.threads(5).adapter("owner/name");
        assertThat(one.threads()).isEqualTo(3);
        assertThat(one.adapter()).isEmpty();
        assertThat(two.threads()).isEqualTo(5);
        assertThat(two.adapter()).contains("owner/name");
    }

    @Test
    void saysEverythingThatIsSetButNoSecret() {
        String text = LoadOptions.defaults()
                .maxConversations(7)
                .revision("main")
                .token("hf_secret")
                .toString();
        assertThat(text)
                .startsWith("LoadOptions[device=CPU")
                .contains("maxConversations=7", "revision=main")
                .doesNotContain("hf_secret", "null");
    }
}
