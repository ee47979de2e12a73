// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What SIGTERM and SIGINT do: the first ends the process by its shutdown hooks, the second at once.
 * The JVM itself would ignore a second one while the hooks of the first run.
 *
 * <p>The JDK has no supported way to a signal; that of its module {@code jdk.unsupported} is called
 * by name, for the compiler warns of it. Where there is none, the first signal does what it always
 * does. Stateless, thus safe for use by several threads.
 */
final class Signals {
  private static final List<String> NAMES = List.of("TERM", "INT");

  private Signals() {}

  /**
   * @param first must not return before the process ends, or end it
   * @param second ends the process
   */
  static void handle(Runnable first, Runnable second) {
    AtomicBoolean came = new AtomicBoolean();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  (came.compareAndSet(false, true) ? first : second).run();
                }
                return null;
              });
      for (String name : NAMES) {
        signal
            .getMethod("handle", signal, handlerType)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
      }
    } catch (InvocationTargetException e) {
      // The JVM was told to leave signals alone (-Xrs).
    } catch (ReflectiveOperationException e) {
      // A JVM without that module.
    }
  }
}
