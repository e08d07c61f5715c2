import { AppError } from '../errors.ts';

/** Scheme, host with an optional `*.` before it, port: what a browser takes in `frame-ancestors`. */
const shape = /^(https?):\/\/(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/;

/**
 * The origin as browsers write it, or null when the text is none: an address with a path, a bare host, anything
 * that could end the header it is put into.
 */
export function normalizeOrigin(text: string): string | null {
  const trimmed = text.trim().toLowerCase().replace(/\/$/, '');
  const parts = shape.exec(trimmed);
  if (parts === null) return null;
  const [, scheme = '', wildcard = '', host = '', port = ''] = parts;
  if (!URL.canParse(`${scheme}://${host}${port}`)) return null;
  const { origin } = new URL(`${scheme}://${host}${port}`);
  return wildcard === '' ? origin : origin.replace('://', '://*.');
}

/** Every origin in its normal form, once. @throws AppError `invalid-request` naming those that are none. */
export function normalizeOrigins(texts: readonly string[]): string[] {
  const errors = texts.flatMap((text, index) =>
    normalizeOrigin(text) === null
      ? [
          {
            path: `body.settings.allowedOrigins.${index}`,
            message: 'Write it like https://shop.example, without a path.',
          },
        ]
      : [],
  );
  if (errors.length > 0) {
    throw new AppError('invalid-request', 'An allowed origin is not one.', {
      fix: 'Write origins like https://shop.example or https://*.shop.example, without a path.',
      details: { errors },
    });
  }
  return [...new Set(texts.flatMap((text) => normalizeOrigin(text) ?? []))];
}
