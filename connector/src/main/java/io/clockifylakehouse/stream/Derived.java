// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

/**
 * A column read from another column of the same row.
 *
 * @param column the new column's name
 * @param from the dotted path of columns it is read from ({@code approval_request.id})
 */
public record Derived(String column, Type.Primitive type, String from, Rule rule, String doc) {

  /** How the value comes about. */
  public enum Rule {
    /** The same value. */
    COPY,
    /** The whole seconds of an ISO-8601 duration text; null when there is none to read. */
    SECONDS,
    /** True when the API sent null or nothing there, else false. */
    MISSING
  }
}
