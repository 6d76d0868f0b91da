package io.github.moshivis.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Reads an identity from PEM files: RSA and EC, the key as PKCS#1, SEC1 or PKCS#8. */
public final class PemIdentity {
    private static final int MAX_BYTES = 1 << 20;

    private PemIdentity() {}

    /**
     * Reads an identity.
     *
     * @param certificates the server's certificate, followed by its chain
     * @param key its key; may be the same file
     * @return the identity
     * @throws IllegalArgumentException if a file is unreadable or the files do not match; says what to do
     */
    public static Identity read(Path certificates, Path key) {
        Identity identity = new Identity(certificates(certificates), key(key));
        try {
            if (identity.fits()) {
                return identity;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "Cannot use the key in " + key.toAbsolutePath() + ": found " + e.getMessage()
                            + ", expected an RSA or EC key. Use another",
                    e);
        }
        throw new IllegalArgumentException("Cannot use the certificate in " + certificates.toAbsolutePath()
                + ": found one for another key than that in "
                + key.toAbsolutePath()
                + ". Give the two that belong together; the server's own certificate comes first in its file");
    }

    private static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Object part : parts(file)) {
                if (part instanceof X509CertificateHolder holder) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (GeneralSecurityException e) {
            throw unreadable(file, "a certificate", e);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("Cannot read a certificate from " + file.toAbsolutePath()
                    + ": found none, expected a PEM file with BEGIN CERTIFICATE. Correct --tls-cert");
        }
        return chain;
    }

    private static PrivateKey key(Path file) {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try {
            for (Object part : parts(file)) {
                if (part instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo()); // the public key may be missing
                }
                if (part instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (part instanceof PEMEncryptedKeyPair || part instanceof PKCS8EncryptedPrivateKeyInfo) {
                    throw new IllegalArgumentException("Cannot read the key in " + file.toAbsolutePath()
                            + ": found an encrypted one, expected one without a password. Write it anew with: openssl pkey -in "
                            + file.getFileName() + " -out plain.pem");
                }
            }
        } catch (IOException e) {
            throw unreadable(file, "a key", e);
        }
        throw new IllegalArgumentException("Cannot read a key from " + file.toAbsolutePath()
                + ": found none, expected a PEM file with BEGIN PRIVATE KEY, BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY."
                + " Correct --tls-key");
    }

    private static List<Object> parts(Path file) {
        List<Object> parts = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text(file)))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                parts.add(part);
            }
            return parts;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, "PEM", e);
        }
    }

    /** Returns a file's text without a byte order mark. */
    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
        }
    }

    private static IllegalArgumentException unreadable(Path file, String expected, Exception cause) {
        return new IllegalArgumentException(
                "Cannot read " + file.toAbsolutePath() + ": found " + cause + ", expected " + expected
                        + ". Check the path, its permissions and its contents",
                cause);
    }
}
