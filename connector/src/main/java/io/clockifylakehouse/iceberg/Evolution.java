// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The way from a table's schema to the one its stream wants, compared by name: columns are added
 * and widened and their docs corrected. A column that only the table has stays as it is.
 *
 * <p>Immutable, thus safe for use by several threads.
 *
 * @param steps to take, in order
 * @param refusals what cannot be done, for people; when there is one, no step is to be taken
 */
record Evolution(List<Step> steps, List<String> refusals) {

  /** One change of a schema. */
  sealed interface Step {
    /**
     * @param parent path of the enclosing struct; null at the top
     */
    record Add(String parent, NestedField field) implements Step {}

    record Widen(String path, Type.PrimitiveType type) implements Step {}

    record Document(String path, String doc) implements Step {}
  }

  Evolution {
    steps = List.copyOf(steps);
    refusals = List.copyOf(refusals);
  }

  static Evolution between(Schema present, Schema wanted) {
    List<Step> steps = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    compareStructs(null, present.asStruct(), wanted.asStruct(), steps, refusals);
    Set<String> presentKey = new TreeSet<>(present.identifierFieldNames());
    Set<String> wantedKey = new TreeSet<>(wanted.identifierFieldNames());
    if (!presentKey.equals(wantedKey)) {
      refusals.add("its key is " + presentKey + " and the stream's is " + wantedKey);
    }
    return new Evolution(steps, refusals);
  }

  /** Puts the steps into an update, which the caller commits. */
  void applyTo(UpdateSchema update) {
    for (Step step : steps) {
      if (step instanceof Step.Add add) {
        update.addColumn(add.parent(), add.field().name(), add.field().type(), add.field().doc());
      } else if (step instanceof Step.Widen widen) {
        update.updateColumn(widen.path(), widen.type());
      } else if (step instanceof Step.Document document) {
        update.updateColumnDoc(document.path(), document.doc());
      }
    }
  }

  private static void compareStructs(
      String path,
      Types.StructType present,
      Types.StructType wanted,
      List<Step> steps,
      List<String> refusals) {
    for (NestedField field : wanted.fields()) {
      NestedField there = present.field(field.name());
      String at = path == null ? field.name() : path + "." + field.name();
      if (there == null && field.isRequired()) {
        refusals.add("column " + at + " is required and the table lacks it");
      } else if (there == null) {
        steps.add(new Step.Add(path, field));
      } else {
        if (there.isRequired() != field.isRequired()) {
          refusals.add(
              "column "
                  + at
                  + " is "
                  + (there.isRequired() ? "required" : "optional")
                  + " and the stream's is not");
        }
        compareTypes(at, there.type(), field.type(), steps, refusals);
        if (field.doc() != null && !field.doc().equals(there.doc())) {
          steps.add(new Step.Document(at, field.doc()));
        }
      }
    }
  }

  private static void compareTypes(
      String path, Type present, Type wanted, List<Step> steps, List<String> refusals) {
    if (present.isStructType() && wanted.isStructType()) {
      compareStructs(path, present.asStructType(), wanted.asStructType(), steps, refusals);
    } else if (present.isListType() && wanted.isListType()) {
      compareTypes(
          path + ".element",
          present.asListType().elementType(),
          wanted.asListType().elementType(),
          steps,
          refusals);
    } else if (widens(present, wanted)) {
      steps.add(new Step.Widen(path, wanted.asPrimitiveType()));
    } else if (!present.equals(wanted) && !widens(wanted, present)) {
      refusals.add(
          "column " + path + " is " + name(present) + " and the stream's is " + name(wanted));
    }
  }

  /** True when each value of the first type is one of the second, unchanged. */
  private static boolean widens(Type narrow, Type wide) {
    return (narrow.typeId() == TypeID.INTEGER && wide.typeId() == TypeID.LONG)
        || (narrow.typeId() == TypeID.FLOAT && wide.typeId() == TypeID.DOUBLE);
  }

  private static String name(Type type) {
    if (type.isStructType()) {
      return "a struct";
    }
    return type.isListType() ? "a list" : type.toString();
  }
}
