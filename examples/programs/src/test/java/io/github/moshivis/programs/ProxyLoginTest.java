package io.github.moshivis.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a password may go to a proxy. */
class ProxyLoginTest {
    private static final String PROPERTY = "jdk.http.auth.tunneling.disabledSchemes";
    private String before;

    @BeforeEach
    void clear() {
        before = System.getProperty(PROPERTY);
        System.clearProperty(PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void aPasswordInTheVariableAllowsIt() {
        ProxyLogin.allow(Map.of("HTTPS_PROXY", "http://proxy.example:8080", "MAIL", "a@b.example"));
        assertThat(System.getProperty(PROPERTY)).isNull();
        ProxyLogin.allow(Map.of("https_proxy", "http://user:secret@proxy.example:8080"));
        assertThat(System.getProperty(PROPERTY)).isEmpty();
    }

    @Test
    void theUsersPropertyStays() {
        System.setProperty(PROPERTY, "Basic");
        ProxyLogin.allow(Map.of("ALL_PROXY", "user:secret@proxy.example"));
        assertThat(System.getProperty(PROPERTY)).isEqualTo("Basic");
    }
}
