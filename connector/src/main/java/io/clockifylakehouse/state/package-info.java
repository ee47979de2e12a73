// SPDX-License-Identifier: Apache-2.0
/**
 * What a run leaves for the next one: how far a stream of a workspace is known complete. Values
 * only; the destination stores their JSON with the data they speak of.
 */
package io.clockifylakehouse.state;
