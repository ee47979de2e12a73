// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import io.clockifylakehouse.stream.Period;

/**
 * What to ask an endpoint for next.
 *
 * @param page number of the page
 * @param size rows per page
 * @param bounds of the window column as they are sent, in whole seconds; a side without a bound is
 *     not sent
 */
record Question(int page, int size, Period bounds) {}
