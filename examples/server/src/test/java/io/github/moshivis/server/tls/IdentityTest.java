package io.github.moshivis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates from PEM files in all their forms, and one that is made. */
class IdentityTest {
    @TempDir
    Path directory;

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(KeyPair pair) throws Exception {
        return certificate(pair, Instant.now());
    }

    /** A certificate that is valid from a minute before a time to an hour after it. */
    private static X509Certificate certificate(KeyPair pair, Instant now) throws Exception {
        X500Name name = new X500Name("CN=test");
        String algorithm = pair.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minusSeconds(60)),
                                Date.from(now.plusSeconds(3600)),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
    }

    @Test
    void aCertificateThatHasExpiredIsAProblem() throws Exception {
        KeyPair pair = pair("EC");
        Instant now = Instant.now();
        assertThat(new Identity(List.of(certificate(pair, now)), pair.getPrivate()).problem())
                .isEmpty();
        for (Instant other : List.of(now.minusSeconds(7200), now.plusSeconds(7200))) {
            assertThat(new Identity(List.of(certificate(pair, other)), pair.getPrivate()).problem())
                    .isPresent();
        }
    }

    private Path pem(String name, Object... parts) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object part : parts) {
                writer.writeObject(part);
            }
        }
        return Files.writeString(directory.resolve(name), text.toString());
    }

    /** The key in the form that all of them have in common. */
    private static PemObject pkcs8(PrivateKey key) {
        return new PemObject("PRIVATE KEY", key.getEncoded());
    }

    /** The key in the form of its kind: PKCS#1 or SEC1. */
    private static PemObject traditional(PrivateKey key) throws IOException {
        String kind = key.getAlgorithm().equals("EC") ? "EC PRIVATE KEY" : "RSA PRIVATE KEY";
        return new PemObject(
                kind,
                PrivateKeyInfo.getInstance(key.getEncoded())
                        .parsePrivateKey()
                        .toASN1Primitive()
                        .getEncoded());
    }

    @ParameterizedTest(name = "{0}, PKCS#8 {1}")
    @CsvSource({"RSA, false", "RSA, true", "EC, false", "EC, true"})
    void allFormsOfKeysAreRead(String algorithm, boolean asPkcs8) throws Exception {
        KeyPair pair = pair(algorithm);
        X509Certificate certificate = certificate(pair);
        boolean withParameters = algorithm.equals("EC") && !asPkcs8;
        // openssl ecparam -genkey writes the curve before the key, and the key without it.
        PemObject curve = new PemObject(
                "EC PARAMETERS",
                PrivateKeyInfo.getInstance(pair(algorithm).getPrivate().getEncoded())
                        .getPrivateKeyAlgorithm()
                        .getParameters()
                        .toASN1Primitive()
                        .getEncoded());
        PemObject key = asPkcs8 ? pkcs8(pair.getPrivate()) : withCurve(pair.getPrivate());
        Path keyFile = withParameters ? pem("key.pem", curve, key) : pem("key.pem", key);

        Identity identity = PemIdentity.read(pem("cert.pem", certificate), keyFile);
        assertThat(identity.chain()).containsExactly(certificate);
        assertThat(identity.context().createSSLEngine().getSupportedProtocols()).contains("TLSv1.3");
    }

    /** A SEC1 key that stands alone says its curve inside; Java's PKCS#8 says it outside. */
    private static PemObject withCurve(PrivateKey key) throws IOException {
        if (!key.getAlgorithm().equals("EC")) {
            return traditional(key);
        }
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        var sec1 = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        var full = new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, sec1.getKey(), info.getPrivateKeyAlgorithm().getParameters());
        return new PemObject("EC PRIVATE KEY", full.getEncoded());
    }

    @Test
    void certificateAndKeyMayBeInOneFile() throws Exception {
        KeyPair pair = pair("EC");
        Path both = pem("both.pem", pkcs8(pair.getPrivate()), certificate(pair));
        assertThat(PemIdentity.read(both, both).chain()).hasSize(1);
    }

    @Test
    void aByteOrderMarkIsNoPartOfThem() throws Exception {
        KeyPair pair = pair("EC");
        Path both = pem("both.pem", pkcs8(pair.getPrivate()), certificate(pair));
        Path marked = Files.writeString(directory.resolve("marked.pem"), "\uFEFF" + Files.readString(both));
        assertThat(PemIdentity.read(marked, marked).chain()).hasSize(1);
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() throws Exception {
        Path certificate = pem("cert.pem", certificate(pair("EC")));
        Path other = pem("other.pem", pkcs8(pair("EC").getPrivate()));
        Path rsa = pem("rsa.pem", pkcs8(pair("RSA").getPrivate()));
        assertThatThrownBy(() -> PemIdentity.read(certificate, other)).hasMessageContaining("belong together");
        assertThatThrownBy(() -> PemIdentity.read(certificate, rsa)).hasMessageContaining("belong together");
    }

    @Test
    void whatIsMissingOrLockedIsSaid() throws Exception {
        KeyPair pair = pair("EC");
        Path certificate = pem("cert.pem", certificate(pair));
        Path key = pem("key.pem", pkcs8(pair.getPrivate()));
        Path locked = pem("locked.pem", new PemObject("ENCRYPTED PRIVATE KEY", lockedKey()));
        assertThatThrownBy(() -> PemIdentity.read(key, key)).hasMessageContainingAll("certificate", "--tls-cert");
        assertThatThrownBy(() -> PemIdentity.read(certificate, certificate))
                .hasMessageContainingAll("key", "--tls-key");
        assertThatThrownBy(() -> PemIdentity.read(certificate, locked))
                .hasMessageContainingAll("encrypted", "openssl pkey");
        assertThatThrownBy(() -> PemIdentity.read(directory.resolve("none.pem"), key))
                .hasMessageContaining("none.pem");
        Path large = Files.write(directory.resolve("large.pem"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> PemIdentity.read(large, key)).hasMessageContainingAll("large.pem", "1048576 bytes");
        Path binary =
                Files.write(directory.resolve("cert.der"), certificate(pair).getEncoded());
        assertThatThrownBy(() -> PemIdentity.read(binary, key))
                .hasMessageContainingAll("cert.der", "found none, expected a PEM file");
    }

    private static byte[] lockedKey() throws IOException {
        var algorithm = new org.bouncycastle.asn1.x509.AlgorithmIdentifier(
                org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_PBES2);
        return new org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo(algorithm, new byte[] {1, 2, 3}).getEncoded();
    }

    @Test
    void oneThatIsMadeIsForThisMachineAndForAServer() throws Exception {
        Identity identity = GeneratedIdentity.create("talk.example");
        X509Certificate certificate = identity.chain().get(0);
        certificate.checkValidity();
        certificate.verify(certificate.getPublicKey());
        List<String> names = certificate.getSubjectAlternativeNames().stream()
                .flatMap(Collection::stream)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
        assertThat(names).contains("localhost", "127.0.0.1", "talk.example");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(identity.fits()).isTrue();
        assertThat(identity.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    }
}
