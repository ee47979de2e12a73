// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known while one answer is read: the path of the value at hand, what of the current record
 * fits no column, and the drift of the whole answer.
 *
 * <p>Not safe for use by several threads.
 */
final class Reading {
  private static final int STRING_SLOTS = 1024;
  private static final int STRING_CHARS_MAX = 32;

  private final String[] strings = new String[STRING_SLOTS];
  private final Set<String> unknownFields = new TreeSet<>();
  private final Set<String> typeMismatches = new TreeSet<>();
  private final Map<String, String> extra = new TreeMap<>();
  private final Map<String, String> captured = new HashMap<>();
  private final String prefix;
  private String[] names = new String[16];
  private int[] indexes = new int[16];
  private int depth;

  /**
   * @param prefix put before each path of the drift; empty but for records inside other records
   */
  Reading(String prefix) {
    this.prefix = prefix;
  }

  /** Steps down to a field of the object at hand. */
  void enter(String name) {
    push(name, 0);
  }

  /** Steps down to an element of the list at hand. */
  void enter(int index) {
    push(null, index);
  }

  void leave() {
    depth--;
  }

  /** Keeps the value the parser stands on as a field without a column. */
  void unknown(JsonParser parser) throws IOException {
    unknownFields.add(path(true));
    keep(JsonText.copy(parser));
  }

  /** Keeps the value the parser stands on as one that its column cannot hold; answers null. */
  Object mismatch(JsonParser parser) throws IOException {
    typeMismatches.add(path(true));
    keep(JsonText.copy(parser));
    return null;
  }

  /** True when the current record's value at a path did not fit its column. */
  boolean keeps(String path) {
    return extra.containsKey(path);
  }

  /** Keeps a text for the embedded records in it. */
  void capture(String name, String json) {
    captured.put(name, json);
  }

  /** The text captured from the current record; null when the record has none. */
  String captured(String name) {
    return captured.get(name);
  }

  /** Ends a record: the text of its {@code _extra}, or null when nothing was kept. */
  String endRecord() {
    if (extra.isEmpty()) {
      return null;
    }
    StringBuilder json = new StringBuilder("{");
    for (Map.Entry<String, String> entry : extra.entrySet()) {
      json.append(json.length() > 1 ? "," : "")
          .append(JsonText.quote(entry.getKey()))
          .append(':')
          .append(entry.getValue());
    }
    extra.clear();
    return json.append('}').toString();
  }

  /** Forgets the texts captured from a record. */
  void endCaptures() {
    captured.clear();
  }

  Drift drift() {
    return unknownFields.isEmpty() && typeMismatches.isEmpty()
        ? Drift.NONE
        : new Drift(unknownFields, typeMismatches);
  }

  /**
   * The text the parser stands on. Short texts, ids above all, recur from record to record: they
   * come from a small cache, so that a page holds each once.
   */
  String text(JsonParser parser) throws IOException {
    int length = parser.getTextLength();
    if (length > STRING_CHARS_MAX) {
      return parser.getText();
    }
    char[] chars = parser.getTextCharacters();
    int begin = parser.getTextOffset();
    int hash = 0;
    for (int i = begin; i < begin + length; i++) {
      hash = 31 * hash + chars[i];
    }
    int slot = (hash ^ hash >>> 16) & (STRING_SLOTS - 1);
    String known = strings[slot];
    if (known != null && known.contentEquals(CharBuffer.wrap(chars, begin, length))) {
      return known;
    }
    strings[slot] = new String(chars, begin, length);
    return strings[slot];
  }

  private void push(String name, int index) {
    if (depth == names.length) {
      names = Arrays.copyOf(names, 2 * depth);
      indexes = Arrays.copyOf(indexes, 2 * depth);
    }
    names[depth] = name;
    indexes[depth++] = index;
  }

  private void keep(String json) {
    String key = path(false);
    // A name with a dot in it can look like the path of another value; neither may be lost.
    while (extra.containsKey(key)) {
      key = "['" + key + "']";
    }
    extra.put(key, json);
  }

  private String path(boolean general) {
    StringBuilder path = new StringBuilder(general ? prefix : "");
    for (int i = 0; i < depth; i++) {
      if (names[i] == null) {
        path.append('[').append(general ? "" : Integer.toString(indexes[i])).append(']');
      } else {
        path.append(path.length() == 0 ? "" : ".").append(names[i]);
      }
    }
    return path.toString();
  }
}
