import type { PrinterColumn } from '../../api-server/resource-definition.js';
import type { JsonValue } from '../json.js';
import { age } from './age.js';
import { AGE, type Column, NAME } from './column.js';
import { evaluateJsonPath } from './json-path.js';

/** The columns of a custom resource: `additionalPrinterColumns`, or the age when there are none. */
export function customColumns(printerColumns: readonly PrinterColumn[]): readonly Column[] {
  return printerColumns.length === 0 ? [NAME, AGE] : [NAME, ...printerColumns.map(customColumn)];
}

function customColumn(column: PrinterColumn): Column {
  const { name, jsonPath, format = '', description = '', priority = 0 } = column;
  const type = columnType(column.type);
  return {
    name,
    type,
    format,
    description:
      description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description,
    priority,
    cell: (object, now) => {
      const [first, ...others] = evaluateJsonPath(jsonPath, { ...object });
      if (first === undefined || first === null) return null;
      return others.length === 0 || type !== 'string'
        ? show(type, first, now)
        : [first, ...others].map(print).join(',');
    },
  };
}

function columnType(type: string): Column['type'] {
  return type === 'integer' || type === 'number' || type === 'boolean' || type === 'date' ? type : 'string';
}

function show(type: Column['type'], value: JsonValue, now: number): unknown {
  if (type === 'date') return typeof value === 'string' ? age(value, now) : '<invalid>';
  return type === 'string' ? print(value) : value;
}

function print(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
