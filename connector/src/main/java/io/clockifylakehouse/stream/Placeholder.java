// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parent named in a path: {@code {projects.id}}.
 *
 * @param stream the parent stream
 * @param column the parent's column whose value is put into the path
 */
public record Placeholder(String stream, String column) {
  private static final Pattern PATTERN = Pattern.compile("\\{([a-z_]+)\\.([a-z_]+)}");

  /** All placeholders of a path, outermost parent first. */
  public static List<Placeholder> in(String path) {
    List<Placeholder> found = new ArrayList<>();
    Matcher matcher = PATTERN.matcher(path);
    while (matcher.find()) {
      found.add(new Placeholder(matcher.group(1), matcher.group(2)));
    }
    return List.copyOf(found);
  }

  /** As it stands in the path. */
  public String text() {
    return "{" + stream + "." + column + "}";
  }
}
