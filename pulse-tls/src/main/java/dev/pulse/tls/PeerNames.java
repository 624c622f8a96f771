package dev.pulse.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The name that a verified certificate gives to whoever holds it. */
public final class PeerNames {
    private static final int DNS = 2;
    private static final int URI = 6;

    private PeerNames() {}

    /** The first alternative name that is a URI, else the first that is a DNS name, else the common name of the subject. */
    public static Optional<String> of(X509Certificate certificate) {
        return alternative(certificate, URI)
                .or(() -> alternative(certificate, DNS))
                .or(() -> commonName(certificate));
    }

    private static Optional<String> alternative(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Optional.empty()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(kind))
                            .map(name -> String.valueOf(name.get(1)))
                            .filter(name -> !name.isBlank())
                            .findFirst();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .filter(name -> !name.isBlank())
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
