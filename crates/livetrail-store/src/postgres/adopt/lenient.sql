-- Both functions catch errors, which PostgreSQL does not do in parallel queries.
--
-- What applications keep in a column of text for an address: one address, a list of X-Forwarded-For, an address with a port, or a word
-- such as "unknown". It is the first address, if there is one.
CREATE OR REPLACE FUNCTION livetrail_address(given TEXT) RETURNS INET LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE part TEXT;
BEGIN
  RETURN btrim(given)::inet;
EXCEPTION WHEN data_exception THEN
  FOREACH part IN ARRAY string_to_array(given, ',') LOOP
    part := btrim(part);
    part := coalesce(substring(part FROM '^\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?$'), substring(part FROM '^([0-9.]+):[0-9]+$'), part);
    BEGIN
      RETURN part::inet;
    EXCEPTION WHEN data_exception THEN
    END;
  END LOOP;
  RETURN NULL;
END $$;
-- JSON that was kept as text or as json, which may hold a null character or half a surrogate pair. Any other text becomes an object's only value.
CREATE OR REPLACE FUNCTION livetrail_json(given TEXT) RETURNS JSONB LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN given::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  BEGIN
    RETURN regexp_replace(given, '\\u(0000|d[89a-f][0-9a-f]{2})', '\ufffd', 'gi')::jsonb;
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN jsonb_build_object('value', given);
  END;
END $$;
