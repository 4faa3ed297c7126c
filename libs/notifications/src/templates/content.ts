/** What a mail says, before it is text or HTML. Templates build it; only the renderers turn it into characters. */
export interface Content {
  readonly subject: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] };

export type Field = readonly [label: string, value: string];

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

export function fieldList(...fields: readonly Field[]): Block {
  return { kind: 'fields', fields };
}
