package dev.pulse.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The whole code base as the rules see it: modules, classes and source files. */
final class House {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern MODULE = Pattern.compile("<module>(pulse-[a-z-]+)</module>");

    private static final class Imported {
        /** Without these tests, and without the fixtures of others that a build may have put beside them. */
        static final JavaClasses CLASSES = new ClassFileImporter()
                .withImportOption(location -> !location.contains(ownLocation()))
                .importPackages("dev.pulse");

        private static String ownLocation() {
            return House.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath();
        }
    }

    private House() {}

    /** Every class that is shipped. */
    static JavaClasses classes() {
        return Imported.CLASSES;
    }

    /** The modules of the root pom, without this one. */
    static List<String> modules() {
        return MODULE.matcher(read(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .filter(module -> !module.equals("pulse-house"))
                .toList();
    }

    /** pulse-store-memory has dev.pulse.storememory. */
    static String packageOf(String module) {
        return "dev." + module.replaceFirst("-", ".").replace("-", "");
    }

    /** What is shipped as Java source. */
    static List<Path> sources() {
        return files("src/main/java", ".java");
    }

    static List<Path> testSources() {
        return files("src/test/java", ".java");
    }

    /** Files under that folder of any module, in the order of their names. */
    static List<Path> files(String folder, String ending) {
        return modules().stream()
                .map(module -> ROOT.resolve(module).resolve(folder))
                .filter(Files::isDirectory)
                .flatMap(start -> walk(start).stream())
                .filter(file -> file.toString().endsWith(ending))
                .toList();
    }

    private static List<Path> walk(Path start) {
        try (Stream<Path> found = Files.walk(start)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path as a message shows it. */
    static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    /** What a rule finds in the given classes: to see a guard red. */
    static List<String> findings(ArchRule rule, Class<?>... fixtures) {
        EvaluationResult result = rule.allowEmptyShould(true).evaluate(new ClassFileImporter().importClasses(fixtures));
        return result.getFailureReport().getDetails();
    }
}
