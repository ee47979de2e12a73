// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import io.clockifylakehouse.config.DestinationConfiguration.Transaction;
import io.clockifylakehouse.config.SourceConfiguration.Auth;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.config.SourceConfiguration.Rate;
import io.clockifylakehouse.config.SourceConfiguration.Retry;
import io.clockifylakehouse.config.SyncConfiguration.Deletes;
import io.clockifylakehouse.config.SyncConfiguration.OnForbidden;
import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.stream.Host;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes a {@link Configuration} of a tree whose variables have been replaced; all defaults stand
 * here. Every fault is of code CONFIGURATION and names its path.
 */
final class ConfigurationParser {
  private static final String USUAL_REGION = "global";

  /** The gateway's own address (API.md section 2). It is not known to reach the other hosts. */
  private static final Map<Host, URI> MATON =
      Map.of(Host.MAIN, URI.create("https://gateway.maton.ai/clockify/api/v1"));

  private static final String MAIN_PATH = "/api/v1";
  private static final String REPORT_PATH = "/report/v1";

  /** A hundred years: far from where arithmetic on instants ends. */
  private static final Duration LONGEST_DURATION = Duration.ofDays(36_525);

  private static final Duration SHORTEST_RETENTION = Duration.ofHours(1);

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  private final Map<String, Map<Host, String>> regions;
  private final Optional<String> unsetVariable;
  private final Redaction redaction;

  /**
   * @param unsetVariable the variable that should hold the key and does not
   */
  ConfigurationParser(
      Map<String, Map<Host, String>> regions, Optional<String> unsetVariable, Redaction redaction) {
    this.regions = regions;
    this.unsetVariable = unsetVariable;
    this.redaction = redaction;
  }

  Configuration parse(Document file) {
    Configuration configuration =
        new Configuration(
            source(file.object("source")),
            destination(file.object("destination")),
            sync(file.object("sync")),
            maintenance(file.object("maintenance")),
            ObservabilityParser.parse(file.object("observability"), redaction));
    file.finish();
    return configuration;
  }

  private SourceConfiguration source(Document source) {
    Auth auth = AuthParser.parse(source, unsetVariable, redaction);
    Map<Host, URI> bases = bases(source, auth.type());
    List<String> workspaces = source.texts("workspaces");
    if (auth.type() == AuthType.ADDON_TOKEN && workspaces.isEmpty()) {
      throw source.fault(
          "workspaces", "an add-on token cannot list workspaces; give the workspace's id");
    }
    SourceConfiguration configuration =
        new SourceConfiguration(
            bases,
            auth,
            workspaces,
            rate(source.object("rate_limit")),
            duration(source, "request_timeout", Duration.ofMinutes(2)),
            retry(source.object("retry")));
    source.finish();
    return configuration;
  }

  private Map<Host, URI> bases(Document source, AuthType auth) {
    Optional<String> region = source.findText("region");
    if (region.isPresent() && !regions.containsKey(region.get())) {
      throw source.fault(
          "region",
          "'" + region.get() + "' is unknown" + Document.nearest(region.get(), regions.keySet()));
    }
    Map<Host, URI> given = new EnumMap<>(Host.class);
    findUrl(source, "base_url").ifPresent(url -> given.put(Host.MAIN, url));
    findUrl(source, "reports_url").ifPresent(url -> given.put(Host.REPORTS, url));
    findUrl(source, "audit_url").ifPresent(url -> given.put(Host.AUDIT, url));
    Map<Host, URI> bases = new EnumMap<>(Host.class);
    if (auth == AuthType.MATON) {
      bases.putAll(MATON);
    } else if (region.isPresent() || !given.containsKey(Host.MAIN)) {
      bases.putAll(urlsOf(region.orElse(USUAL_REGION)));
    } else {
      bases.putAll(sameServer(given.get(Host.MAIN)));
    }
    bases.putAll(given);
    return bases;
  }

  /**
   * The hosts that belong to a main base URL: a region's own, else the report path on the very same
   * server, as the regions have it. The key goes to no server that nobody configured.
   */
  private Map<Host, URI> sameServer(URI main) {
    for (String region : regions.keySet()) {
      if (main.equals(urlsOf(region).get(Host.MAIN))) {
        return urlsOf(region);
      }
    }
    String path = main.getPath();
    if (!path.endsWith(MAIN_PATH)) {
      return Map.of();
    }
    String report = path.substring(0, path.length() - MAIN_PATH.length()) + REPORT_PATH;
    return Map.of(Host.REPORTS, main.resolve(report));
  }

  private Map<Host, URI> urlsOf(String region) {
    Map<Host, URI> urls = new EnumMap<>(Host.class);
    regions.get(region).forEach((host, url) -> urls.put(host, URI.create(url)));
    return urls;
  }

  private static Rate rate(Document object) {
    Rate rate =
        new Rate(object.number("start", 5), object.number("min", 0.2), object.number("max", 9.5));
    if (!(0 < rate.min() && rate.min() <= rate.start() && rate.start() <= rate.max())) {
      throw object.fault(
          "start",
          String.format(
              Locale.ROOT,
              "must be 0 < min <= start <= max, found min %s, start %s, max %s",
              rate.min(),
              rate.start(),
              rate.max()));
    }
    object.finish();
    return rate;
  }

  private static Retry retry(Document object) {
    Retry retry =
        new Retry(
            object.integer("attempts", 6), duration(object, "max_wait", Duration.ofMinutes(2)));
    if (retry.attempts() < 1) {
      throw object.fault("attempts", "must be at least 1, found " + retry.attempts());
    }
    object.finish();
    return retry;
  }

  private DestinationConfiguration destination(Document destination) {
    DestinationConfiguration configuration =
        new DestinationConfiguration(
            catalog(destination.object("catalog")),
            filled(destination, "catalog_name", destination.text("catalog_name", "lakehouse")),
            destination.text("namespace", "clockify"),
            properties(destination.object("table_properties")),
            oneOf(destination, "transaction", Transaction.class, Transaction.AUTO));
    if (!configuration.namespace().matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
      throw destination.fault(
          "namespace",
          "must be letters, digits, '_' and '-', levels joined by '.', found '"
              + configuration.namespace()
              + "'");
    }
    destination.finish();
    return configuration;
  }

  private Map<String, String> catalog(Document object) {
    Map<String, String> catalog = properties(object);
    if (!catalog.containsKey("type") && !catalog.containsKey("catalog-impl")) {
      if (!Set.of("warehouse").containsAll(catalog.keySet())) {
        throw object.fault(
            "type", "missing; hadoop, rest, jdbc, hive, glue or nessie (or catalog-impl)");
      }
      catalog.put("type", "hadoop");
      catalog.putIfAbsent("warehouse", "./lakehouse");
    }
    return catalog;
  }

  private Map<String, String> properties(Document object) {
    Map<String, String> properties = new LinkedHashMap<>();
    object
        .node()
        .fieldNames()
        .forEachRemaining(
            name -> object.findText(name).ifPresent(value -> properties.put(name, value)));
    properties.forEach(
        (name, value) -> {
          // token-refresh-enabled and its like are switches, and "true" is no secret to mask.
          if (Redaction.namesSecret(name) && !value.matches("true|false|[0-9]+")) {
            redaction.add(value);
          }
        });
    return properties;
  }

  private static SyncConfiguration sync(Document sync) {
    SyncConfiguration configuration =
        new SyncConfiguration(
            sync.texts("streams"),
            duration(sync, "lookback", Duration.ofDays(35)),
            duration(sync, "full_pass_every", Duration.ofDays(7)),
            sync.integer("backfill_commit_rows", 200_000),
            oneOf(sync, "deletes", Deletes.class, Deletes.HARD),
            sync.number("max_shrink", 0.5),
            oneOf(sync, "on_forbidden", OnForbidden.class, OnForbidden.FAIL));
    if (configuration.maxShrink() < 0 || configuration.maxShrink() > 1) {
      throw sync.fault(
          "max_shrink", "must be a share from 0 to 1, found " + configuration.maxShrink());
    }
    if (configuration.backfillCommitRows() < 1) {
      throw sync.fault(
          "backfill_commit_rows",
          "must be at least 1, found " + configuration.backfillCommitRows());
    }
    sync.finish();
    return configuration;
  }

  private static MaintenanceConfiguration maintenance(Document maintenance) {
    MaintenanceConfiguration configuration =
        new MaintenanceConfiguration(
            retention(maintenance, "keep_tags", Duration.ofDays(30)),
            retention(maintenance, "keep_snapshots", Duration.ofDays(7)),
            maintenance.integer("target_file_size", 128),
            duration(maintenance, "orphan_min_age", Duration.ofDays(3)));
    if (configuration.targetFileMebibytes() < 1 || configuration.targetFileMebibytes() > 4096) {
      throw maintenance.fault(
          "target_file_size",
          "must be 1 to 4096 MiB, found " + configuration.targetFileMebibytes());
    }
    maintenance.finish();
    return configuration;
  }

  /** A commit is refused when the snapshot that it began with is forgotten. */
  private static Duration retention(Document object, String key, Duration fallback) {
    Duration duration = duration(object, key, fallback);
    if (duration.compareTo(SHORTEST_RETENTION) < 0) {
      throw object.fault(
          key,
          "must be at least "
              + SHORTEST_RETENTION
              + ", for a run needs what it began with, found "
              + duration);
    }
    return duration;
  }

  private static Duration duration(Document object, String key, Duration fallback) {
    Optional<String> text = object.findText(key);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      Duration duration = Duration.parse(text.get());
      if (duration.compareTo(LONGEST_DURATION) > 0) {
        throw object.fault(
            key, "must be at most P" + LONGEST_DURATION.toDays() + "D, found " + text.get());
      }
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // falls through to the one message
    }
    throw object.fault(
        key,
        "expected an ISO-8601 duration above zero, such as PT2M (minutes) or P35D (days), found '"
            + text.get()
            + "'");
  }

  static Optional<URI> findUrl(Document object, String key) {
    return object.findText(key).map(text -> url(object, key, text));
  }

  private static URI url(Document object, String key, String text) {
    URI url;
    try {
      url = new URI(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw object.fault(key, "is no URL: " + e.getReason());
    }
    if (url.getHost() == null
        || url.getUserInfo() != null
        || url.getQuery() != null
        || url.getFragment() != null) {
      throw object.fault(key, "expected https://host/path, without user, query or fragment");
    }
    if (!keepsSecrets(url)) {
      throw object.fault(
          key, "must be https (plain http only to this machine), found '" + url + "'");
    }
    return url;
  }

  /** Whether a secret may go there: encrypted, or not away from this machine. */
  static boolean keepsSecrets(URI url) {
    return "https".equals(url.getScheme())
        || "http".equals(url.getScheme()) && LOOPBACK.matcher(url.getHost()).matches();
  }

  static String filled(Document object, String key, String text) {
    if (text.isBlank()) {
      throw object.fault(key, "is empty");
    }
    return text;
  }

  static <E extends Enum<E>> E oneOf(Document object, String key, Class<E> values, E fallback) {
    Map<String, E> known = new LinkedHashMap<>();
    for (E value : values.getEnumConstants()) {
      known.put(value.name().toLowerCase(Locale.ROOT), value);
    }
    String text = object.text(key, fallback.name().toLowerCase(Locale.ROOT));
    E value = known.get(text);
    if (value == null) {
      throw object.fault(key, "'" + text + "' is unknown" + Document.nearest(text, known.keySet()));
    }
    return value;
  }
}
