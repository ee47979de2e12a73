// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.destination.Destination;
import io.clockifylakehouse.destination.Sink;
import io.clockifylakehouse.iceberg.IcebergDestination;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real destination in a process that dies at a named moment, as by {@code kill -9}: no hook, no
 * finally, nothing is closed.
 */
final class HaltingDestination {
  /** Moments of a run. */
  enum Moment {
    WRITE,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_TAG,
    BEFORE_RECORD
  }

  private final Moment moment;
  private final AtomicInteger left;

  private HaltingDestination(Moment moment, int count) {
    this.moment = moment;
    this.left = new AtomicInteger(count);
  }

  /**
   * @param count the process dies when the moment comes for that time
   */
  static Destination of(IcebergDestination real, Moment moment, int count) {
    HaltingDestination halting = new HaltingDestination(moment, count);
    return halting.around(Destination.class, real);
  }

  private void reached(Moment now) {
    if (now == moment && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }

  private <T> T around(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "write" -> reached(Moment.WRITE);
                case "commit" -> reached(Moment.BEFORE_COMMIT);
                case "tag" -> reached(Moment.BEFORE_TAG);
                case "record" -> reached(Moment.BEFORE_RECORD);
                default -> {
                  // nothing happens at the others
                }
              }
              Object result;
              try {
                result = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("commit")) {
                reached(Moment.AFTER_COMMIT);
              }
              return result instanceof Sink sink ? around(Sink.class, sink) : result;
            }));
  }
}
