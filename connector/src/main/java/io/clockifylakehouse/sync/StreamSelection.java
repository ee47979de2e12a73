// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.document.Document;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Picks streams by names and globs. Stateless. */
final class StreamSelection {
  private StreamSelection() {}

  /**
   * The names of the streams that the patterns select.
   *
   * @param patterns names or globs ({@code *}, {@code ?}); one that begins with {@code -} leaves
   *     out; when there are none, or only such, the others are all selected
   * @throws ConnectorException of code CONFIGURATION for a pattern that fits no stream
   */
  static Set<String> select(StreamCatalog catalog, List<String> patterns) {
    Set<String> names = new LinkedHashSet<>();
    for (StreamDefinition stream : catalog.streams()) {
      names.add(stream.name());
    }
    Set<String> selected = new LinkedHashSet<>();
    if (patterns.stream().allMatch(pattern -> pattern.startsWith("-"))) {
      selected.addAll(names);
    }
    for (String pattern : patterns) {
      boolean out = pattern.startsWith("-");
      Set<String> matched = matching(names, out ? pattern.substring(1) : pattern);
      if (out) {
        selected.removeAll(matched);
      } else {
        selected.addAll(matched);
      }
    }
    return selected;
  }

  private static Set<String> matching(Set<String> names, String glob) {
    Pattern pattern =
        Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
    Set<String> matched = new LinkedHashSet<>();
    for (String name : names) {
      if (pattern.matcher(name).matches()) {
        matched.add(name);
      }
    }
    if (matched.isEmpty()) {
      throw ConnectorException.configuration(
          "unknown stream '" + glob + "'" + Document.nearest(glob, names));
    }
    return matched;
  }
}
