/** `${name}` or `$name`; a brace behind the second belongs to what is around it. */
export const variableName = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/;
