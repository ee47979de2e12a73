// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.config.DestinationConfiguration.Transaction;
import io.clockifylakehouse.config.SourceConfiguration.Auth;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.config.SourceConfiguration.Rate;
import io.clockifylakehouse.config.SourceConfiguration.Retry;
import io.clockifylakehouse.config.SyncConfiguration.Deletes;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.StreamCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("CLOCKIFY_API_KEY", "key-of-environment", "EMPTY", "", "TRICKY", "a: [b, ${X}]");

  private final Redaction redaction = new Redaction();

  private Configuration read(String yaml, String... assignments) {
    return reader(ENVIRONMENT).parse("c.yaml", yaml, List.of(assignments));
  }

  private ConfigurationReader reader(Map<String, String> environment) {
    return new ConfigurationReader(
        environment, StreamCatalog.packaged().api().regions(), redaction);
  }

  private static SecretReference value(String key) {
    return new SecretReference.Value(new Secret(key));
  }

  @Test
  void nothingConfiguredMeansTheDefaults() {
    assertThat(read(""))
        .isEqualTo(
            new Configuration(
                new SourceConfiguration(
                    Map.of(
                        Host.MAIN, URI.create("https://api.clockify.me/api/v1"),
                        Host.REPORTS, URI.create("https://reports.api.clockify.me/v1"),
                        Host.AUDIT, URI.create("https://auditlog-api.api.clockify.me/v1")),
                    new Auth(AuthType.API_KEY, value("key-of-environment"), Optional.empty()),
                    List.of(),
                    new Rate(5, 0.2, 9.5),
                    Duration.ofMinutes(2),
                    new Retry(6, Duration.ofMinutes(2))),
                new DestinationConfiguration(
                    Map.of("type", "hadoop", "warehouse", "./lakehouse"),
                    "lakehouse",
                    "clockify",
                    Map.of(),
                    Transaction.AUTO),
                new SyncConfiguration(
                    List.of(),
                    Duration.ofDays(35),
                    Duration.ofDays(7),
                    200_000,
                    Deletes.HARD,
                    0.5,
                    OnForbidden.FAIL),
                new MaintenanceConfiguration(
                    Duration.ofDays(30), Duration.ofDays(7), 128, Duration.ofDays(3)),
                new ObservabilityConfiguration(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "clockify-lakehouse")));
  }

  @Test
  void everyKeyReachesItsPlace() {
    Configuration configuration =
        read(
            """
            source:
              region: eu
              base_url: http://127.0.0.1:1/api/v1/
              reports_url: http://localhost:2/report
              audit_url: https://audit.example.com
              auth: {type: maton, aws_secret: {id: a, key: b, region: c, endpoint: "https://d"}, connection: e}
              workspaces: [one, "2"]
              rate_limit: {start: 3, max: 4.5, min: 1}
              request_timeout: PT30S
              retry: {attempts: 2, max_wait: PT5S}
            destination:
              catalog: {type: rest, uri: "https://catalog", s3.path-style-access: true}
              catalog_name: name
              namespace: a.b
              table_properties: {write.parquet.compression-level: 3}
              transaction: never
            sync:
              streams: [time_*, -webhooks]
              lookback: P10D
              full_pass_every: P1D
              backfill_commit_rows: 5000
              deletes: soft
              max_shrink: 0.25
              on_forbidden: skip
            maintenance:
              {keep_tags: P400D, keep_snapshots: PT12H, target_file_size: 256, orphan_min_age: PT6H}
            observability:
              metrics_file: a.prom
              push_url: http://gateway:9091
              openlineage:
                {file: b.jsonl, url: "https://marquez/api/v1/lineage", api_key: token, namespace: c}
            """);
    assertThat(configuration)
        .isEqualTo(
            new Configuration(
                new SourceConfiguration(
                    Map.of(
                        Host.MAIN, URI.create("http://127.0.0.1:1/api/v1"),
                        Host.REPORTS, URI.create("http://localhost:2/report"),
                        Host.AUDIT, URI.create("https://audit.example.com")),
                    new Auth(
                        AuthType.MATON,
                        new SecretReference.AwsSecret(
                            "a", "b", Optional.of("c"), Optional.of(URI.create("https://d"))),
                        Optional.of("e")),
                    List.of("one", "2"),
                    new Rate(3, 1, 4.5),
                    Duration.ofSeconds(30),
                    new Retry(2, Duration.ofSeconds(5))),
                new DestinationConfiguration(
                    Map.of(
                        "type", "rest", "uri", "https://catalog", "s3.path-style-access", "true"),
                    "name",
                    "a.b",
                    Map.of("write.parquet.compression-level", "3"),
                    Transaction.NEVER),
                new SyncConfiguration(
                    List.of("time_*", "-webhooks"),
                    Duration.ofDays(10),
                    Duration.ofDays(1),
                    5000,
                    Deletes.SOFT,
                    0.25,
                    OnForbidden.SKIP),
                new MaintenanceConfiguration(
                    Duration.ofDays(400), Duration.ofHours(12), 256, Duration.ofHours(6)),
                new ObservabilityConfiguration(
                    Optional.of("a.prom"),
                    Optional.of(URI.create("http://gateway:9091")),
                    Optional.of("b.jsonl"),
                    Optional.of(URI.create("https://marquez/api/v1/lineage")),
                    Optional.of("token"),
                    "c")));
  }

  /** Document, then the whole message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          source: {rgion: eu}|                      c.yaml: unknown key 'source.rgion'; did you mean 'region'?
          sorce: {}|                                c.yaml: unknown key 'sorce'; did you mean 'source'?
          sync: {strems: [a]}|                      c.yaml: unknown key 'sync.strems'; did you mean 'streams'?
          source: {retry: {atempts: 3}}|            c.yaml: unknown key 'source.retry.atempts'; did you mean 'attempts'?
          source: {region: uss}|                    c.yaml: source.region: 'uss' is unknown; did you mean 'us'?
          source: {auth: {type: apikey}}|           c.yaml: source.auth.type: 'apikey' is unknown; did you mean 'api_key'?
          source: {auth: {value: a, file: b}}|      c.yaml: source.auth.value: give exactly one of value, file, aws_secret
          'source: {auth: {value: "${NO}", file: b}}'| c.yaml: source.auth.value: give exactly one of value, file, aws_secret
          source: {auth: {connection: x}}|          c.yaml: source.auth.connection: only the maton gateway has connections; leave it out
          source: {auth: {aws_secret: {key: x}}}|   c.yaml: source.auth.aws_secret.id: missing, and it is required
          observability: {push_url: "ftp://a"}|     c.yaml: observability.push_url: expected http(s)://host[:port]/path, without user and password
          observability: {push_url: "http://u:p@a"}| c.yaml: observability.push_url: expected http(s)://host[:port]/path, without user and password
          'observability: {openlineage: {url: "http://a", api_key: b}}'| c.yaml: observability.openlineage.url: must be https (plain http only to this machine), since openlineage.api_key goes there
          source: {auth: {type: addon_token}}|      c.yaml: source.workspaces: an add-on token cannot list workspaces; give the workspace's id
          source: {base_url: "http://example.com"}| c.yaml: source.base_url: must be https (plain http only to this machine), found 'http://example.com'
          source: {base_url: "http://localhost.evil.com"}| c.yaml: source.base_url: must be https (plain http only to this machine), found 'http://localhost.evil.com'
          source: {base_url: api.clockify.me}|      c.yaml: source.base_url: expected https://host/path, without user, query or fragment
          source: {base_url: "https://a:b@c"}|      c.yaml: source.base_url: expected https://host/path, without user, query or fragment
          source: {rate_limit: {start: 20}}|        c.yaml: source.rate_limit.start: must be 0 < min <= start <= max, found min 0.2, start 20.0, max 9.5
          source: {rate_limit: {min: 0}}|           c.yaml: source.rate_limit.start: must be 0 < min <= start <= max, found min 0.0, start 5.0, max 9.5
          source: {rate_limit: {max: fast}}|        c.yaml: source.rate_limit.max: expected a number, found 'fast'
          source: {retry: {attempts: 0}}|           c.yaml: source.retry.attempts: must be at least 1, found 0
          source: {request_timeout: 30}|            'c.yaml: source.request_timeout: expected an ISO-8601 duration above zero, such as PT2M (minutes) or P35D (days), found ''30'''
          source: {request_timeout: PT0S}|          'c.yaml: source.request_timeout: expected an ISO-8601 duration above zero, such as PT2M (minutes) or P35D (days), found ''PT0S'''
          source: {request_timeout: P36526D}|       c.yaml: source.request_timeout: must be at most P36525D, found P36526D
          maintenance: {keep_tag: P1D}|             c.yaml: unknown key 'maintenance.keep_tag'; did you mean 'keep_tags'?
          maintenance: {keep_tags: 30}|             'c.yaml: maintenance.keep_tags: expected an ISO-8601 duration above zero, such as PT2M (minutes) or P35D (days), found ''30'''
          maintenance: {target_file_size: 0}|       c.yaml: maintenance.target_file_size: must be 1 to 4096 MiB, found 0
          maintenance: {keep_snapshots: PT59M}|     c.yaml: maintenance.keep_snapshots: must be at least PT1H, for a run needs what it began with, found PT59M
          source: [a]|                              c.yaml: source: expected an object, found a list
          source: {workspaces: {a: b}}|             c.yaml: source.workspaces: expected a single value, found an object
          destination: {catalog: {uri: x}}|         c.yaml: destination.catalog.type: missing; hadoop, rest, jdbc, hive, glue or nessie (or catalog-impl)
          destination: {namespace: "a b"}|          'c.yaml: destination.namespace: must be letters, digits, ''_'' and ''-'', levels joined by ''.'', found ''a b'''
          destination: {catalog_name: ""}|          c.yaml: destination.catalog_name: is empty
          sync: {max_shrink: 1.5}|                  c.yaml: sync.max_shrink: must be a share from 0 to 1, found 1.5
          sync: {deletes: sof}|                     c.yaml: sync.deletes: 'sof' is unknown; did you mean 'soft'?
          destination: {transaction: sometimes}|    c.yaml: destination.transaction: 'sometimes' is unknown; known: auto, never
          sync: {on_forbidden: ignore}|             c.yaml: sync.on_forbidden: 'ignore' is unknown; known: fail, skip
          'source: {base_url: "${NO_SUCH}"}'|       c.yaml: source.base_url: the variable NO_SUCH is not set
          'sync: {streams: [a, "${NO_SUCH}"]}'|     c.yaml: sync.streams[1]: the variable NO_SUCH is not set
          'sync: {deletes: "${not ok}"}'|           c.yaml: sync.deletes: '${' begins no ${NAME} or ${NAME:-default}
          """)
  void refusesWhatCannotBe(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessage(message);
  }

  @Test
  void replacesVariablesInValuesAndReadsThemAsText() {
    Configuration configuration =
        read(
            """
            source: {auth: {value: "${EMPTY:-fall-back}"}}
            destination: {catalog_name: "x-${TRICKY}-${NO_SUCH:-y}"}
            """);
    assertThat(configuration.source().auth().secret()).isEqualTo(value("fall-back"));
    assertThat(configuration.destination().catalogName()).isEqualTo("x-a: [b, ${X}]-y");
  }

  @Test
  void assignmentsBeatTheFileWhichBeatsTheDefaults() {
    String file = "sync: {deletes: soft, max_shrink: 0.1}";
    Configuration configuration =
        read(file, "sync.deletes=hard", "sync.streams=[tags, time_*]", "source.workspaces=a, b");
    assertThat(configuration.sync().deletes()).isEqualTo(Deletes.HARD);
    assertThat(configuration.sync().maxShrink()).isEqualTo(0.1);
    assertThat(configuration.sync().streams()).containsExactly("tags", "time_*");
    assertThat(configuration.source().workspaces()).containsExactly("a, b");
    assertThat(read(file, "sync.deletes=null").sync().deletes()).isEqualTo(Deletes.HARD);
  }

  @Test
  void icebergsPropertiesKeepTheirDots() {
    Configuration configuration =
        read(
            "",
            "destination.catalog.type=rest",
            "destination.catalog.s3.endpoint=https://s3",
            "destination.table_properties.write.parquet.row-group-size-bytes=1000");
    assertThat(configuration.destination().catalog())
        .isEqualTo(Map.of("type", "rest", "s3.endpoint", "https://s3"));
    assertThat(configuration.destination().tableProperties())
        .isEqualTo(Map.of("write.parquet.row-group-size-bytes", "1000"));
  }

  @Test
  void aWarehouseAloneIsAHadoopCatalog() {
    assertThat(read("", "destination.catalog.warehouse=/data").destination().catalog())
        .isEqualTo(Map.of("type", "hadoop", "warehouse", "/data"));
  }

  @Test
  void oneWayToTheKeySetReplacesTheOther() {
    String file = "source: {auth: {value: '${CLOCKIFY_API_KEY}'}}";
    assertThat(read(file, "source.auth.file=/run/key").source().auth().secret())
        .isEqualTo(new SecretReference.File(Path.of("/run/key")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sync.delets=soft|    c.yaml with --set: unknown key 'sync.delets'; did you mean 'deletes'?
          sync.deletes|        '--set: expected PATH=VALUE, as in sync.deletes=soft'
          =soft|               '--set: expected PATH=VALUE, as in sync.deletes=soft'
          sync..deletes=soft|  --set: 'sync..deletes' has an empty key
          sync.deletes.x=soft| --set: 'sync.deletes.x': 'deletes' is not an object
          """)
  void refusesImpossibleAssignments(String assignment, String message) {
    assertThatThrownBy(() -> read("sync: {deletes: soft}", assignment)).hasMessage(message);
  }

  @Test
  void aKeyThatIsNotSetFailsWhereItIsNeededAndSaysWhatToDo() {
    for (Map<String, String> environment :
        List.of(Map.<String, String>of(), Map.of("CLOCKIFY_API_KEY", " "))) {
      SecretReference secret =
          reader(environment).parse("c.yaml", "", List.of()).source().auth().secret();
      assertThat(secret).isEqualTo(new SecretReference.Unset("CLOCKIFY_API_KEY"));
      assertThatThrownBy(secret::resolve)
          .isInstanceOfSatisfying(
              ConnectorException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
          .hasMessageContainingAll(
              "CLOCKIFY_API_KEY is not set", "Manage API keys", "export", "demo");
    }
  }

  @Test
  void aNamedFileMustExistAndTheUsualOneNeedNot() {
    ConfigurationReader reader = reader(ENVIRONMENT);
    assertThatThrownBy(() -> reader.read(Optional.of(Path.of("no/such.yaml")), List.of()))
        .hasMessage(
            "no/such.yaml: there is no such file; a commented one is"
                + " config/connector.example.yaml");
    assertThat(reader.read(Optional.empty(), List.of())).isEqualTo(read(""));
  }

  @Test
  void anotherServersKeyDoesNotGoToClockify() {
    assertThat(read("source: {base_url: 'http://localhost:1/api/v1'}").source().bases())
        .isEqualTo(
            Map.of(
                Host.MAIN, URI.create("http://localhost:1/api/v1"),
                Host.REPORTS, URI.create("http://localhost:1/report/v1")));
    assertThat(read("source: {base_url: 'http://localhost:1/clockify'}").source().bases())
        .containsOnlyKeys(Host.MAIN);
    assertThat(read("source: {auth: {type: maton}}").source().bases().values())
        .allMatch(url -> url.getHost().equals("gateway.maton.ai"));
    assertThat(read("source: {base_url: 'https://euc1.clockify.me/api/v1/'}").source().bases())
        .containsEntry(Host.REPORTS, URI.create("https://euc1.clockify.me/report/v1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'source: {auth: s3cr3t-key}'
          'source: {rate_limit: {start: "${CLOCKIFY_API_KEY}"}}'
          'source: {auth: {value: s3cr3t-key}, region: s3cr3t-key}'
          'source: {auth: {value: s3cr3t-key: x}}'
          'source: {auth: {value: "s3cr3t-key}}'
          'source: {auth: {value: {s3cr3t-key: 1}}}'
          'source: {auth: {type: s3cr3t-key}}'
          """)
  void noMessageHoldsTheKey(String yaml) {
    ConfigurationReader reader = reader(Map.of("CLOCKIFY_API_KEY", "s3cr3t-key"));
    assertThatThrownBy(() -> reader.parse("c.yaml", yaml, List.of()))
        .satisfies(
            e ->
                assertThat(e.toString() + e.getCause())
                    .doesNotContain("s3cr3t")
                    .contains("c.yaml"));
  }

  @Test
  void noTextOfAConfigurationHoldsASecret() {
    Configuration configuration =
        read(
            "source: {auth: {value: s3cr3t-key}}",
            "destination.catalog.type=rest",
            "destination.catalog.token=t0ken-value",
            "destination.catalog.token-refresh-enabled=true",
            "destination.catalog.s3.access-key-id=lakehouse");
    assertThat(configuration.toString()).doesNotContain("s3cr3t").doesNotContain("t0ken");
    assertThat(redaction.mask("a s3cr3t-key and t0ken-value, true, lakehouse"))
        .isEqualTo("a *** and ***, true, lakehouse");
  }
}
