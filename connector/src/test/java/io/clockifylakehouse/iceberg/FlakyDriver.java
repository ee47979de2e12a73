// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;

/**
 * SQLite behind a connection that fails when told to: at the next compare-and-swap of a table's
 * metadata location, before or after the database applied it; or that lets somebody else go first.
 */
final class FlakyDriver implements Driver {
  static final String PREFIX = "jdbc:flaky:";

  private record Fault(String sqlState, boolean applied) {}

  private final AtomicReference<Fault> next = new AtomicReference<>();
  private final AtomicReference<Runnable> first = new AtomicReference<>(() -> {});
  private final AtomicBoolean leaves = new AtomicBoolean();
  private final AtomicBoolean away = new AtomicBoolean();

  void loseReply(String sqlState) {
    next.set(new Fault(sqlState, true));
  }

  void loseRequest(String sqlState) {
    next.set(new Fault(sqlState, false));
  }

  /** Runs somebody else's change just before the next compare-and-swap. */
  void letGoFirst(Runnable other) {
    first.set(other);
  }

  void stayAwayAfterwards() {
    leaves.set(true);
  }

  void comeBack() {
    leaves.set(false);
    away.set(false);
  }

  /** True until the fault has happened. */
  boolean isArmed() {
    return next.get() != null;
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + url.substring(PREFIX.length()), info);
    return wrap(
        Connection.class,
        (method, arguments) -> {
          Object result = call(connection, method, arguments);
          boolean update =
              method.getName().equals("prepareStatement")
                  && arguments[0].toString().startsWith("UPDATE iceberg_tables");
          return result instanceof PreparedStatement statement
              ? statement(statement, update)
              : result;
        });
  }

  private PreparedStatement statement(PreparedStatement statement, boolean update) {
    return wrap(
        PreparedStatement.class,
        (method, arguments) -> {
          boolean executes = method.getName().startsWith("execute");
          if (executes && away.get()) {
            throw new SQLException("terminating connection", "57P01");
          }
          if (executes && update) {
            first.getAndSet(() -> {}).run();
          }
          Fault fault = executes && update ? next.getAndSet(null) : null;
          if (fault == null) {
            return call(statement, method, arguments);
          }
          if (fault.applied()) {
            call(statement, method, arguments);
          }
          away.set(leaves.get());
          throw new SQLException("connection lost", fault.sqlState());
        });
  }

  private interface Calls {
    Object invoke(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T wrap(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            FlakyDriver.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> calls.invoke(method, arguments)));
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }
}
