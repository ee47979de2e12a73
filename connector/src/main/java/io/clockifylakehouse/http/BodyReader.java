// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import java.io.IOException;

/**
 * Makes a value of the body of a 2xx answer. It runs within the retry: an {@link IOException},
 * those of a JSON parser among them, means that the body came broken and the request is sent again.
 */
@FunctionalInterface
public interface BodyReader<T> {
  /** May be called several times for one request; must leave no trace when it throws. */
  T read(Response response) throws IOException;
}
