// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import io.clockifylakehouse.document.Document;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code observability}. Stateless. */
final class ObservabilityParser {
  private ObservabilityParser() {}

  static ObservabilityConfiguration parse(Document section, Redaction redaction) {
    Optional<String> metricsFile = section.findText("metrics_file");
    Optional<URI> pushUrl = findUrl(section, "push_url");
    Document lineage = section.object("openlineage");
    Optional<String> file = lineage.findText("file");
    Optional<URI> url = findUrl(lineage, "url");
    Optional<String> key = lineage.findText("api_key");
    String namespace = lineage.text("namespace", "clockify-lakehouse");
    key.ifPresent(redaction::add);
    if (key.isPresent() && url.isPresent() && !ConfigurationParser.keepsSecrets(url.get())) {
      throw lineage.fault(
          "url",
          "must be https (plain http only to this machine), since openlineage.api_key goes there");
    }
    lineage.finish();
    section.finish();
    return new ObservabilityConfiguration(
        metricsFile,
        pushUrl,
        file,
        url,
        key,
        ConfigurationParser.filled(lineage, "namespace", namespace));
  }

  /** Collectors live beside the connector, where plain http is usual; no secret goes along. */
  private static Optional<URI> findUrl(Document object, String key) {
    return object.findText(key).map(text -> url(object, key, text));
  }

  private static URI url(Document object, String key, String text) {
    try {
      URI url = new URI(text);
      if (url.getHost() != null
          && url.getUserInfo() == null
          && url.getScheme() != null
          && Set.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (URISyntaxException e) {
      // falls through to the one message, which does not quote: there may be a password
    }
    throw object.fault(key, "expected http(s)://host[:port]/path, without user and password");
  }
}
