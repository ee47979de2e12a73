// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import static io.clockifylakehouse.iceberg.StagedTable.Landing.ABSENT;
import static io.clockifylakehouse.iceberg.StagedTable.Landing.THERE;
import static io.clockifylakehouse.iceberg.StagedTable.Landing.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.iceberg.StagedTable.Landing;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.RESTException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransactionVerdictTest {
  private static final RuntimeException CONFLICT = new CommitFailedException("409");
  private static final RuntimeException NO_ANSWER =
      new CommitStateUnknownException(new RuntimeException("502"));

  private static TransactionVerdict after(RuntimeException failure, Landing... landings) {
    return after(failure, 1, landings);
  }

  private static TransactionVerdict after(
      RuntimeException failure, int attempt, Landing... landings) {
    int unclear = failure != null && TransactionVerdict.isUnclear(failure) ? attempt : 0;
    return TransactionVerdict.of(Optional.ofNullable(failure), List.of(landings), attempt, unclear);
  }

  @Test
  void isDoneWhenAllTablesHaveItWhateverWasAnswered() {
    assertThat(after(null, THERE, THERE)).isEqualTo(TransactionVerdict.DONE);
    assertThat(after(CONFLICT, THERE)).isEqualTo(TransactionVerdict.DONE);
    assertThat(after(NO_ANSWER, THERE)).isEqualTo(TransactionVerdict.DONE);
    assertThat(after(new NoSuchTableException("404"), THERE)).isEqualTo(TransactionVerdict.DONE);
  }

  @Test
  void believesASuccessThatCannotBeChecked() {
    assertThat(after(null, THERE, UNKNOWN)).isEqualTo(TransactionVerdict.DONE);
    assertThat(after(CONFLICT, THERE, UNKNOWN)).isEqualTo(TransactionVerdict.UNKNOWN);
    assertThat(after(NO_ANSWER, UNKNOWN)).isEqualTo(TransactionVerdict.UNKNOWN);
    assertThat(after(null, ABSENT, UNKNOWN)).isEqualTo(TransactionVerdict.UNKNOWN);
  }

  @Test
  void doesNotBelieveASuccessThatATableDenies() {
    assertThat(after(null, THERE, ABSENT)).isEqualTo(TransactionVerdict.AGAIN);
  }

  @Test
  void repeatsAConflictSoManyTimes() {
    assertThat(after(CONFLICT, TransactionVerdict.ATTEMPTS_MAX - 1, ABSENT))
        .isEqualTo(TransactionVerdict.AGAIN);
    assertThat(after(CONFLICT, TransactionVerdict.ATTEMPTS_MAX, ABSENT))
        .isEqualTo(TransactionVerdict.REFUSED);
    assertThat(after(null, TransactionVerdict.ATTEMPTS_MAX, ABSENT))
        .isEqualTo(TransactionVerdict.REFUSED);
  }

  @Test
  void repeatsWhatHadNoAnswerFewerTimes() {
    assertThat(after(NO_ANSWER, TransactionVerdict.UNCLEAR_MAX - 1, ABSENT))
        .isEqualTo(TransactionVerdict.AGAIN);
    assertThat(after(NO_ANSWER, TransactionVerdict.UNCLEAR_MAX, ABSENT))
        .isEqualTo(TransactionVerdict.UNCLEAR);
    assertThat(
            TransactionVerdict.of(
                Optional.of(NO_ANSWER), List.of(ABSENT), TransactionVerdict.ATTEMPTS_MAX, 1))
        .isEqualTo(TransactionVerdict.UNCLEAR);
  }

  @Test
  void aRefusalForAnotherReasonIsOne() {
    assertThat(after(new ForbiddenException("403"), ABSENT)).isEqualTo(TransactionVerdict.REFUSED);
  }

  private static Stream<RuntimeException> refusalsOfSuchRequests() {
    return Stream.of(
        new UnsupportedOperationException("501"),
        new BadRequestException("400"),
        new NoSuchTableException("404"),
        new RESTException("Unable to process (code: 405, type: null): no"),
        new RESTException("Unable to process (code: 406, type: null): no"));
  }

  @ParameterizedTest
  @MethodSource("refusalsOfSuchRequests")
  void aServerThatDoesNotTakeThemGetsOneTableAtATime(RuntimeException refusal) {
    assertThat(TransactionVerdict.isUnclear(refusal)).isFalse();
    assertThat(after(refusal, ABSENT, ABSENT)).isEqualTo(TransactionVerdict.APART);
  }

  @Test
  void otherAnswersOfARestServerSayNothingOfThat() {
    RuntimeException other = new RESTException("Unable to process (code: 422, type: null): no");
    assertThat(TransactionVerdict.refusesSuch(other)).isFalse();
    assertThat(TransactionVerdict.isUnclear(other)).isTrue();
    assertThat(TransactionVerdict.isUnclear(CONFLICT)).isFalse();
  }

  @Test
  void nothingGoesTableByTableWhileAnEarlierAttemptMayStillArrive() {
    assertThat(
            TransactionVerdict.of(
                Optional.of(new NoSuchTableException("404")), List.of(ABSENT), 2, 1))
        .isEqualTo(TransactionVerdict.REFUSED);
  }
}
