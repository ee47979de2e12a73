// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import java.util.List;

/**
 * What a column holds, and as which Java value a {@link Row} carries it.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public sealed interface Type {

  /** A single value; the Java class of each is given beside it. */
  enum Primitive implements Type {
    /** {@link String}. */
    STRING,
    /** {@link Boolean}. */
    BOOLEAN,
    /** {@link Integer}, 32 bits. */
    INT,
    /** {@link Long}, 64 bits; money in minor units among them. */
    LONG,
    /** {@link Double}. */
    DOUBLE,
    /** {@link Integer}: days since 1970-01-01. */
    DATE,
    /** {@link Long}: microseconds since 1970-01-01T00:00:00Z; an instant (timestamptz). */
    TIMESTAMP,
    /** {@link String}: the JSON text of a value of any shape. */
    JSON
  }

  /** An object with named fields: a nested {@link Row} with one value per field. */
  record Struct(List<Field> fields) implements Type {
    public Struct {
      fields = List.copyOf(fields);
    }
  }

  /**
   * An array: a {@link List} of the element's values, null elements allowed.
   *
   * @param set true when the service sends the elements in no stable order, so that order is no
   *     change (Clockify API facts, section 6)
   */
  record Array(Type element, boolean set) implements Type {}
}
