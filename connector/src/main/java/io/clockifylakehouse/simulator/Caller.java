// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

/**
 * Whom a request speaks for. Immutable.
 *
 * @param userId the user behind the credential
 * @param admin whether they may see what others did
 * @param addon whether it is an add-on token, which has no access to the account or to webhooks
 */
record Caller(String userId, boolean admin, boolean addon) {}
