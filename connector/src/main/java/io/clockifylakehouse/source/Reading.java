// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int HASHED_CHARS = 8;

  /**
   * What of a set's element fits no column.
   *
   * @param path from the element down; empty for the element itself
   */
  record Remainder(String path, String json) {}

  private final String[] strings = new String[STRING_SLOTS];
  private final char[] stringChars = new char[STRING_SLOTS * STRING_CHARS_MAX];
  private final Set<String> unknownFields = new TreeSet<>();
  private final Set<String> typeMismatches = new TreeSet<>();
  private long unknownValues;
  private long mismatchedValues;
  private final Map<String, String> extra = new TreeMap<>();
  private final Map<String, String> captured = new HashMap<>();
  private Optional<String> otherScope = Optional.empty();
  private List<Remainder> element;
  private int elementDepth;
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

  /** Reads one element of a set: its value, and what of it fits no column. */
  interface ElementReader {
    Object read() throws IOException;
  }

  /**
   * Steps down to an element of a set and up again. What of it fits no column is not kept yet, for
   * its path needs the element's place, and in what order the elements came means nothing.
   *
   * @param remainders takes what fits no column
   */
  Object element(int index, List<Remainder> remainders, ElementReader reader) throws IOException {
    List<Remainder> outer = element;
    int outerDepth = elementDepth;
    enter(index);
    element = remainders;
    elementDepth = depth;
    Object value = reader.read();
    element = outer;
    elementDepth = outerDepth;
    leave();
    return value;
  }

  /** Keeps what fits no column of an element whose place in the list at hand is known by now. */
  void keep(int index, List<Remainder> remainders) {
    enter(index);
    String path = path(false);
    remainders.forEach(remainder -> keep(path + remainder.path(), remainder.json()));
    leave();
  }

  /** Keeps the value the parser stands on as a field without a column. */
  void unknown(JsonParser parser) throws IOException {
    Drift.add(unknownFields, path(true));
    unknownValues++;
    keep(path(false), JsonText.copy(parser));
  }

  /** Keeps the value the parser stands on as one that its column cannot hold; answers null. */
  Object mismatch(JsonParser parser) throws IOException {
    Drift.add(typeMismatches, path(true));
    mismatchedValues++;
    keep(path(false), JsonText.copy(parser));
    return null;
  }

  /** True when the current record's value at a path did not fit its column. */
  boolean keeps(String path) {
    return extra.containsKey(path);
  }

  /** The JSON of the current record's value at a path that did not fit its column. */
  Optional<String> kept(String path) {
    return Optional.ofNullable(extra.get(path));
  }

  /** Notes that the current record says it belongs elsewhere than it was found. */
  void scopeIs(String field, String id) {
    otherScope = Optional.of(field + " " + id);
  }

  /** Where the last record says it belongs, if not where it was found. */
  Optional<String> otherScope() {
    return otherScope;
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
    return new Drift(unknownFields, typeMismatches, unknownValues, mismatchedValues);
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
    int hash = length;
    for (int i = begin + Math.max(0, length - HASHED_CHARS); i < begin + length; i++) {
      hash = 31 * hash + chars[i]; // ids differ at their end
    }
    int slot = (hash ^ hash >>> 16) & (STRING_SLOTS - 1);
    String known = strings[slot];
    int at = slot * STRING_CHARS_MAX;
    if (known != null
        && known.length() == length
        && Arrays.equals(stringChars, at, at + length, chars, begin, begin + length)) {
      return known;
    }
    System.arraycopy(chars, begin, stringChars, at, length);
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

  private void keep(String path, String json) {
    if (element != null) {
      element.add(new Remainder(path, json));
      return;
    }
    String key = path;
    // A name with a dot in it can look like the path of another value; neither may be lost.
    while (extra.containsKey(key)) {
      key = "['" + key + "']";
    }
    extra.put(key, json);
  }

  /** The path of the value at hand: general, or from the record or the set's element down. */
  private String path(boolean general) {
    StringBuilder path = new StringBuilder(general ? prefix : "");
    int begin = general ? 0 : elementDepth;
    for (int i = begin; i < depth; i++) {
      if (names[i] == null) {
        path.append('[').append(general ? "" : Integer.toString(indexes[i])).append(']');
      } else {
        path.append(path.length() == 0 && begin == 0 ? "" : ".").append(names[i]);
      }
    }
    return path.toString();
  }
}
