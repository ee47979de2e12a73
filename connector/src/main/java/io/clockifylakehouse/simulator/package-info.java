// SPDX-License-Identifier: Apache-2.0
/**
 * The simulated Clockify: the project's statement of how the service behaves, for the demo and the
 * tests. It knows nothing of the connector.
 *
 * <p>Start reading at {@link io.clockifylakehouse.simulator.ClockifySimulator} (the server), then
 * {@code Service} (a request in, an answer out), the {@code …Endpoints} (one class per family of
 * operations), {@link io.clockifylakehouse.simulator.Workspace} (the data behind them) and {@code
 * AccountGenerator} (where it comes from).
 */
package io.clockifylakehouse.simulator;
