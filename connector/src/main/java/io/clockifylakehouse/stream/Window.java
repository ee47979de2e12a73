// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

/**
 * How a stream can be read by time.
 *
 * @param column the timestamp column the window is about
 * @param from query parameter of the window's begin
 * @param to query parameter of the window's end
 */
public record Window(String column, String from, String to) {}
