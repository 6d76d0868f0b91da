package io.github.moshivis.server.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate, its chain, and its private key.
 *
 * @param chain the server's own certificate first
 * @param key its private key
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] SOMETHING = {1, 2, 3};

    /**
     * Creates an identity.
     *
     * @param chain the certificates, which are copied
     * @param key the key
     */
    public Identity {
        chain = List.copyOf(chain);
    }

    /** Returns whether the key belongs to the first certificate, by a test signature. */
    boolean fits() throws GeneralSecurityException {
        String kind = key.getAlgorithm().toUpperCase(Locale.ROOT);
        if (!chain.get(0).getPublicKey().getAlgorithm().equalsIgnoreCase(kind)) {
            return false;
        }
        String algorithm = kind.equals("EC") ? "SHA256withECDSA" : kind.equals("RSA") ? "SHA256withRSA" : kind;
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SOMETHING);
        byte[] signed = signature.sign();
        signature.initVerify(chain.get(0).getPublicKey());
        signature.update(SOMETHING);
        return signature.verify(signed);
    }

    /**
     * Returns why browsers refuse the certificate now.
     *
     * @return that it has expired or is not valid yet; empty if it is valid
     */
    public Optional<String> problem() {
        try {
            chain.get(0).checkValidity();
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Creates the TLS context.
     *
     * @return a context with this identity
     */
    public SSLContext context() {
        try {
            char[] password = {}; // the store never leaves this method
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("server", key, password, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "TLS cannot be set up with this certificate and key: " + e.getMessage() + ". Use others", e);
        }
    }

    /**
     * Returns the fingerprint, to compare with the one in the browser.
     *
     * @return the SHA-256 digest in hexadecimal digits, in pairs
     */
    public String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(chain.get(0).getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The certificate has no digest: " + e.getMessage(), e);
        }
    }
}
