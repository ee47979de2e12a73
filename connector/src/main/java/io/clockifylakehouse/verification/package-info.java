// SPDX-License-Identifier: Apache-2.0
/**
 * Proof that the tables hold what the service has: figures against the service's own, rows against
 * a fresh walk, and what a difference means. Changes no stream's table.
 */
package io.clockifylakehouse.verification;
