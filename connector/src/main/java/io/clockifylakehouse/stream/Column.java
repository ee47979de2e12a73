// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

/**
 * One column of a stream's table, at the position it has in a {@link Row}.
 *
 * @param required true for the columns of the key and of the scope: a record without them is an
 *     error of its slice
 */
public record Column(String name, Type type, String doc, boolean required) {}
