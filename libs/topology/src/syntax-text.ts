import type { ErrorCode, YAMLError } from 'yaml';

const stray = 'this is not expected here; check the quotes, brackets and indentation before it';
const tag = 'a tag (!…) is not understood; leave it out, or put a text that begins with ! in quotes';

// Own words, since the library's may quote the file, and with it a secret.
const texts: { readonly [Code in ErrorCode]?: string } = {
  ALIAS_PROPS: 'an alias (*…) cannot have an anchor or a tag; leave that out',
  BAD_ALIAS: 'an anchor or alias has no usable name; write &name and *name, or put a text that begins with & or * in quotes',
  BAD_COLLECTION_TYPE: tag,
  BAD_DIRECTIVE: 'a directive (%…) is not understood; leave the line out',
  BAD_DQ_ESCAPE: 'an escape in double quotes is not understood; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'the indentation does not fit, or a bracket is not closed; align keys and dashes that belong together, with spaces',
  BAD_PROP_ORDER: 'an anchor or tag stands before the dash or colon; write it after',
  BAD_SCALAR_START: 'a text cannot begin with this character; put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a map or list begins within a line; put a text that contains ": " in quotes, or begin a deeper line',
  BLOCK_IN_FLOW: 'an indented map or list stands in brackets; write it in brackets too',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters; check the quotes and colons before it',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; check the quotes and colons before it',
  MULTIPLE_ANCHORS: 'a value has two anchors (&…); write one',
  MULTIPLE_DOCS: 'a second document begins here; write one in a file, with no --- in between',
  MULTIPLE_TAGS: tag,
  RESOURCE_EXHAUSTION: 'the file is nested too deeply; check the brackets and dashes',
  TAB_AS_INDENT: 'a tab indents this line; write spaces',
  TAG_RESOLVE_FAILED: tag,
};

/** What is wrong with the writing, and what to write instead. */
export function syntaxText({ code, message }: Pick<YAMLError, 'code' | 'message'>): string {
  // These messages are fixed texts that name the missing character.
  if (code === 'MISSING_CHAR') return `${message.charAt(0).toLowerCase()}${message.slice(1)}; add what is missing`;
  return texts[code] ?? stray;
}
