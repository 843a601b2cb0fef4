namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>Very many made-up people, in one statement.</summary>
public static class SeededPeople
{
    public const string Insert = """
        insert into person (
            region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, categories, content_hash, created_at, changed_at)
        select @Region, sha256(convert_to(@name || n, 'UTF8')), '\x00', '622926********' || lpad((n % 10000)::text, 4, '0'), 0, @name || n, n % 2 = 0,
               date '1980-01-01' + n % 9000, @categories, sha256(convert_to(@name || n, 'UTF8')), @now, @now
        from generate_series(1, @count) n
        """;
}
