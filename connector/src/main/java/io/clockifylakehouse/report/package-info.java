// SPDX-License-Identifier: Apache-2.0
/**
 * Answers one can look at: hours, money and budgets from the tables, as one HTML page, JSON or CSV.
 *
 * <p>{@link io.clockifylakehouse.report.ReportReader} reads the tables once and adds up; the
 * formats only write what is in a {@link io.clockifylakehouse.report.Report}.
 */
package io.clockifylakehouse.report;
