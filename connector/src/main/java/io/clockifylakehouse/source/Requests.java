// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Request;
import io.clockifylakehouse.stream.Endpoint;
import io.clockifylakehouse.stream.Host;
import io.clockifylakehouse.stream.Paging;
import io.clockifylakehouse.stream.Period;
import io.clockifylakehouse.stream.Placeholder;
import io.clockifylakehouse.stream.Scope;
import io.clockifylakehouse.stream.Slice;
import io.clockifylakehouse.stream.Window;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Builds the request for a page of a slice. Immutable, thus safe for use by several threads. */
final class Requests {
  private static final int ID_CHARS_MAX = 200;

  private final Map<Host, URI> bases;

  /**
   * @param bases the base URL of each host, without a slash at its end
   */
  Requests(Map<Host, URI> bases) {
    this.bases = Map.copyOf(bases);
  }

  /**
   * @param asked page and size are not sent to an unpaged endpoint, bounds only as far as they are
   * @param tentative whether the tentative parameters are sent
   * @throws ConnectorException REJECTED when the endpoint's host has no base URL; DEFECT when the
   *     slice's scope lacks an id of the path
   */
  Request page(Slice slice, Question asked, boolean tentative) {
    Endpoint endpoint = slice.stream().endpoint().orElseThrow();
    Paging paging = endpoint.paging();
    Map<String, List<String>> query = new LinkedHashMap<>(endpoint.query());
    if (tentative) {
      query.putAll(endpoint.tentative());
    }
    new TreeMap<>(slice.variant()).forEach((name, value) -> query.put(name, List.of(value)));
    slice.stream().window().ifPresent(window -> query.putAll(bounds(window, asked.bounds())));
    Optional<ObjectNode> body =
        endpoint.method().equals("POST")
            ? Optional.of(endpoint.body().map(ObjectNode::deepCopy).orElseGet(Requests::empty))
            : Optional.empty();
    switch (paging.style()) {
      case QUERY -> {
        query.put(paging.page(), List.of(Integer.toString(asked.page())));
        query.put(paging.size(), List.of(Integer.toString(asked.size())));
      }
      case BODY ->
          body.ifPresent(
              node -> node.put(paging.page(), asked.page()).put(paging.size(), asked.size()));
      case NONE -> {}
    }
    URI uri = URI.create(base(endpoint.host(), slice) + path(endpoint, slice) + text(query));
    return body.map(node -> Request.post(uri, node.toString())).orElseGet(() -> Request.get(uri));
  }

  private static Map<String, List<String>> bounds(Window window, Period bounds) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (bounds.fromMicros() != Long.MIN_VALUE) {
      query.put(window.from(), List.of(Bounds.text(bounds.fromMicros())));
    }
    if (bounds.toMicros() != Long.MAX_VALUE) {
      query.put(window.to(), List.of(Bounds.text(bounds.toMicros())));
    }
    return query;
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  private String base(Host host, Slice slice) {
    URI base = bases.get(host);
    if (base == null) {
      String key = host == Host.MAIN ? "base_url" : host.name().toLowerCase(Locale.ROOT) + "_url";
      throw new ConnectorException(
          ErrorCode.REJECTED,
          ("no base URL is configured for the service's %s host: set source.%s, or leave the"
                  + " stream out with sync.streams: [-%s]")
              .formatted(host, key, slice.stream().name()));
    }
    return base.toString().replaceAll("/+$", "");
  }

  private static String path(Endpoint endpoint, Slice slice) {
    String path = endpoint.path();
    List<Placeholder> placeholders = Placeholder.in(path);
    for (int i = 0; i < placeholders.size(); i++) {
      boolean own = placeholders.get(i).stream().equals(slice.stream().name());
      String column = own ? Scope.OWN : slice.stream().scope().get(i);
      String id = slice.scope().ids().get(column);
      if (id == null) {
        throw new ConnectorException(
            ErrorCode.DEFECT, slice.name() + ": the scope lacks '" + column + "'");
      }
      path = path.replace(placeholders.get(i).text(), encode(segment(id, slice)));
    }
    return path;
  }

  /** An id names one segment: none that steps up in the path, and none longer than any id. */
  private static String segment(String id, Slice slice) {
    if (id.isEmpty() || id.equals(".") || id.equals("..") || id.length() > ID_CHARS_MAX) {
      throw new ConnectorException(
          ErrorCode.UNEXPECTED_ANSWER,
          "%s: the id %s, which the service sent, cannot be asked for: it fits no path"
              .formatted(slice.stream().name(), Seen.quote(id)));
    }
    return id;
  }

  private static String text(Map<String, List<String>> query) {
    StringBuilder text = new StringBuilder();
    query.forEach(
        (name, values) -> {
          for (String value : values) {
            text.append(text.length() == 0 ? '?' : '&')
                .append(encode(name))
                .append('=')
                .append(encode(value));
          }
        });
    return text.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
