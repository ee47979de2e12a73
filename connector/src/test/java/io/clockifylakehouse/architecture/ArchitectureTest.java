// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may see whom, which library belongs to which package, and what a name may be. */
class ArchitectureTest {
  private static final String BASE = "io.clockifylakehouse.";

  /** Each package and the packages it may see; a package that is not listed is an error. */
  private static final Map<String, Set<String>> MAY_SEE =
      Map.ofEntries(
          Map.entry("error", Set.of()),
          Map.entry("time", Set.of()),
          Map.entry("document", Set.of("error")),
          Map.entry("stream", Set.of("document", "error")),
          Map.entry("state", Set.of("error", "stream")),
          Map.entry("http", Set.of("error", "time")),
          Map.entry("gateway", Set.of("error", "http")),
          Map.entry("source", Set.of("error", "http", "stream")),
          Map.entry("destination", Set.of("error", "stream", "time")),
          Map.entry("iceberg", Set.of("destination", "error", "stream", "time")),
          Map.entry(
              "sync",
              Set.of(
                  "destination", "document", "error", "http", "source", "state", "stream", "time")),
          Map.entry("report", Set.of("destination", "error", "stream")),
          Map.entry(
              "verification",
              Set.of("destination", "error", "http", "source", "state", "stream", "sync", "time")),
          Map.entry(
              "observability", Set.of("destination", "http", "source", "stream", "sync", "time")),
          Map.entry("simulator", Set.of("error", "time")),
          Map.entry("config", Set.of("document", "error", "stream")),
          Map.entry(
              "cli",
              Set.of(
                  "config",
                  "destination",
                  "document",
                  "error",
                  "gateway",
                  "http",
                  "iceberg",
                  "observability",
                  "report",
                  "simulator",
                  "source",
                  "stream",
                  "sync",
                  "time",
                  "verification")));

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.clockifylakehouse");

  @Test
  void everyPackageHasItsRow() {
    Set<String> found = new TreeSet<>();
    MAIN.forEach(c -> found.add(c.getPackageName().substring(BASE.length())));
    assertThat(found).isEqualTo(new TreeSet<>(MAY_SEE.keySet()));
  }

  static Stream<String> packages() {
    return MAY_SEE.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void seesNoMoreThanItsRow(String name) {
    List<String> allowed = new ArrayList<>(List.of(BASE + name));
    MAY_SEE.get(name).forEach(seen -> allowed.add(BASE + seen));
    List<String> forbidden =
        MAY_SEE.keySet().stream().map(p -> BASE + p).filter(p -> !allowed.contains(p)).toList();
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(BASE + name)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(forbidden.toArray(String[]::new));
    rule.check(MAIN);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching("io.clockifylakehouse.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aLibraryIsUsedOnlyByItsOwner(String library, List<String> owners) {
    noClasses()
        .that()
        .resideOutsideOfPackages(owners.stream().map(o -> BASE + o).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(MAIN);
  }

  static Stream<Arguments> libraries() {
    return Stream.of(
        Arguments.of("org.apache.iceberg..", List.of("iceberg")),
        Arguments.of("org.apache.parquet..", List.of("iceberg")),
        Arguments.of("org.apache.hadoop..", List.of("iceberg")),
        Arguments.of("io.prometheus..", List.of("observability")),
        Arguments.of("java.net.http..", List.of("http")),
        Arguments.of("io.github.resilience4j..", List.of("http")),
        Arguments.of("picocli..", List.of("cli")),
        Arguments.of("me.tongfei..", List.of("cli")),
        Arguments.of("com.sun.net.httpserver..", List.of("simulator")),
        Arguments.of("software.amazon..", List.of("config", "iceberg")));
  }

  @Test
  void clockAndSleepComeThroughTime() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + "time")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .check(MAIN);
  }

  @Test
  void environmentExitAndPrintingBelongToTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + "cli")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(MAIN);
  }

  @Test
  void namesSayTheRole() {
    classes()
        .should()
        .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Processor|Handler|Impl)(\\$.*)?")
        .check(MAIN);
  }

  @Test
  void noStaticIsMutable() {
    noFields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .notBeFinal()
        .check(MAIN);
  }

  @Test
  void thereIsOneExceptionType() {
    assertThat(
            MAIN.stream()
                .filter(c -> c.isAssignableTo(Throwable.class))
                .map(c -> c.getSimpleName())
                .toList())
        .containsExactly("ConnectorException");
  }
}
