namespace Voucher.Server.Fraud;

/// <summary>
/// The guard's windows in Redis. Each script touches keys of one hash tag, so that it runs on Redis Cluster. Those that count
/// give the same state however often and in whatever order the same scan is told to them: rebuilding uses the same scripts.
/// </summary>
public static class GuardScripts
{
    /// <summary>Sorted set of a terminal's enrolments: voucher → when (ms, the terminal's clock). Answers with count and close ones in a row.</summary>
    public const string Enrolment = """
        local key, at, voucher, window, keep, spacing, most = KEYS[1], tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
        redis.call('ZADD', key, 'GT', at, voucher)
        redis.call('ZREMRANGEBYRANK', key, 0, -keep - 1)
        redis.call('PEXPIRE', key, window * 2)
        local count = redis.call('ZCOUNT', key, '(' .. (at - window), at)
        local latest = redis.call('ZREVRANGEBYSCORE', key, at, '(' .. (at - window), 'WITHSCORES', 'LIMIT', 0, most)
        local row, later = 0, at
        for i = 2, #latest, 2 do
            local earlier = tonumber(latest[i])
            if row > 0 and later - earlier >= spacing then break end
            row, later = row + 1, earlier
        end
        return { count, row }
        """;

    /// <summary>Hash of a holder check: institution → last scan there (ms, the server's clock). Answers with the last one at another institution, or 0.</summary>
    public const string Place = """
        local key, institution, at = KEYS[1], ARGV[1], tonumber(ARGV[2])
        local seen, last, here = redis.call('HGETALL', key), 0, 0
        for i = 1, #seen, 2 do
            local then_ = tonumber(seen[i + 1])
            if seen[i] == institution then here = then_ elseif then_ > last then last = then_ end
        end
        if at > here then redis.call('HSET', key, institution, ARGV[2]) end
        redis.call('PEXPIRE', key, ARGV[3])
        return last
        """;

    /// <summary>Hash of a rate: slot and server → count. Writes the given counts, drops old slots, answers with all.</summary>
    public const string Rate = """
        local key, oldest = KEYS[1], tonumber(ARGV[1])
        for i = 2, #ARGV, 2 do redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
        for _, field in ipairs(redis.call('HKEYS', key)) do
            if tonumber(string.match(field, '^%d+')) < oldest then redis.call('HDEL', key, field) end
        end
        redis.call('EXPIRE', key, 70)
        return redis.call('HGETALL', key)
        """;

    /// <summary>Marks the windows as whole, unless Redis was emptied since the rebuilding began: then its beginning is gone too.</summary>
    public const string Whole = """
        if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2])
        redis.call('DEL', KEYS[2])
        return 1
        """;
}
