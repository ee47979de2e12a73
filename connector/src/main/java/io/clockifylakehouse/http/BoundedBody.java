// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.http;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Collects a body in memory and gives up on one that is too large.
 *
 * <p>Its methods are called by one thread at a time, as reactive streams promise.
 */
final class BoundedBody implements BodySubscriber<byte[]> {
  private final long limitBytes;
  private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
  private Flow.Subscription subscription;
  private long receivedBytes;
  private boolean over;

  BoundedBody(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    whole.onSubscribe(newSubscription);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (over) {
      return;
    }
    for (ByteBuffer buffer : buffers) {
      receivedBytes += buffer.remaining();
    }
    if (receivedBytes > limitBytes) {
      over = true;
      subscription.cancel();
      whole.onError( // no repetition makes it smaller
          new ConnectorException(
              ErrorCode.UNEXPECTED_ANSWER,
              "the answer is beyond what any answer should be: larger than "
                  + limitBytes
                  + " bytes"));
    } else {
      whole.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!over) {
      whole.onError(failure);
    }
  }

  @Override
  public void onComplete() {
    if (!over) {
      whole.onComplete();
    }
  }
}
