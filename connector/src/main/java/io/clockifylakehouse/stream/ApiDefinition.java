// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import io.clockifylakehouse.document.Document;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What all streams share: the base URLs by region and the usual paging, from {@code
 * schemas/clockify.yaml}.
 *
 * @param regions base URLs by region and host; a region may lack a host
 * @param paging the usual paging, which a stream's file may change
 * @param pageCeiling pages of one slice after which reading stops with an error
 */
public record ApiDefinition(
    Map<String, Map<Host, String>> regions, Paging paging, int pageCeiling) {

  public ApiDefinition {
    regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
  }

  static ApiDefinition parse(Document file) {
    Map<String, Map<Host, String>> regions = new LinkedHashMap<>();
    file.object("regions")
        .entries()
        .forEach(
            (name, urls) -> {
              Map<Host, String> hosts = new EnumMap<>(Host.class);
              for (Host host : Host.values()) {
                urls.findText(host.name().toLowerCase(Locale.ROOT))
                    .ifPresent(url -> hosts.put(host, url));
              }
              urls.finish();
              regions.put(name, Collections.unmodifiableMap(hosts));
            });
    Paging paging =
        StreamParser.paging(
            file.object("paging"), new Paging(Paging.Style.QUERY, "page", "page-size", 1, 5000));
    int pageCeiling = file.integer("page_ceiling", 100_000);
    file.finish();
    return new ApiDefinition(regions, paging, pageCeiling);
  }
}
