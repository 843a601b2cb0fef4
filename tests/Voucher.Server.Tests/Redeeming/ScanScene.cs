using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.People;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Terminals;

namespace Voucher.Server.Tests.Redeeming;

/// <summary>One voucher as its holder carries it.</summary>
public sealed record PaperVoucher(VoucherId Id, string Digits, ShortCode ShortCode, HolderCheck Holder, PersonId Person);

/// <summary>
/// What a scan needs: people, signed vouchers written as issuing writes them, approved classes, paired terminals. Days are
/// moved by the server's clock.
/// </summary>
public sealed class ScanScene(ServerUnderTest server)
{
    private static int _people;
    private static int _terminals;

    public DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    /// <summary>A new person with a new voucher, valid from today for the given days.</summary>
    public async Task<PaperVoucher> IssueAsync(ushort scope = 0, int validDays = 90, int startsInDays = 0)
    {
        var number = NextIdNumber();
        var check = HolderCheck.Of(number, server.Get<KeyFolder>().BindingKey());
        await using var connection = await server.Database.OpenConnectionAsync();
        var person = await AddPersonAsync(connection, number, check);
        return await AddVoucherAsync(connection, person, check, scope, startsInDays, validDays);
    }

    /// <summary>A second voucher for a person who has one.</summary>
    public async Task<PaperVoucher> IssueAgainAsync(PaperVoucher first)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await AddVoucherAsync(connection, first.Person, first.Holder, 0, 0, 90);
    }

    private async Task<PersonId> AddPersonAsync(NpgsqlConnection connection, IdNumber number, HolderCheck check)
    {
        var secrets = server.Get<Server.Register.PersonalData>();
        return await connection.QuerySingleAsync<PersonId>("""
            insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date,
                                content_hash, created_at, changed_at)
            values (@Region, @hash, @secret, @masked, @check, '马小梅', false, @birth, @hash, @now, @now) returning id
            """,
            new
            {
                DemoCounty.Region, hash = secrets.LookupHash(number), secret = secrets.Seal(number.Reveal()), masked = number.Masked(),
                check, birth = number.BirthDate, now = server.Clock.GetUtcNow(),
            });
    }

    private async Task<PaperVoucher> AddVoucherAsync(
        NpgsqlConnection connection, PersonId person, HolderCheck check, ushort scope, int startsInDays, int validDays)
    {
        var until = Today.AddDays(startsInDays + validDays - 1);
        var now = server.Clock.GetUtcNow();
        var serial = await connection.ExecuteScalarAsync<long>("""
            insert into voucher_serial (region, next_serial) values (@Region, 2)
            on conflict (region) do update set next_serial = voucher_serial.next_serial + 1
            returning next_serial - 1
            """, new { DemoCounty.Region });
        var batch = await connection.QuerySingleAsync<BatchId>("""
            insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection,
                               status, people, written, first_serial, drafted_by, drafted_by_staff, drafted_at)
            select @Region, 'test', 3, @scope, 180000, @from, @until, (select min(id) from budget_line), (select min(id) from policy_pack), '{}',
                   3, 1, 1, @serial, a.id, a.staff_id, @now from account a where a.login = 'clerk' returning id
            """, new { DemoCounty.Region, scope = (int)scope, from = Today.AddDays(startsInDays), until, serial, now });
        var (keyId, newSigner) = (await server.Get<IssuingKeys>().SigningKeyAsync(until))!.Value;
        using var signer = newSigner();
        var id = new VoucherId(DemoCounty.Region, (uint)serial);
        var nonce = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
        var token = signer.Sign(new TokenClaims(SignatureSuite.P256, keyId, id, VoucherKind.General, nonce, until, new VoucherScope(scope), check));
        await connection.ExecuteAsync("""
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, short_code, token)
            values (@id, @batch, @person, 3, @scope, 180000, (select min(id) from budget_line), @from, @until, 1, true, @code, @token);
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at) values (@id, 1, 1, 1, 1, @now);
            """,
            new { id, batch, person, scope = (int)scope, from = Today.AddDays(startsInDays), until, code = token.ShortCode, token = token.Bytes.ToArray(), now });
        return new PaperVoucher(id, token.ToDigits(), token.ShortCode, check, person);
    }

    /// <summary>An approved class of the institution, with one session a day, 09:00–11:30.</summary>
    public async Task<ClassId> OpenClassAsync(int institution = 1, int programmeCode = 1001, int startsInDays = 0, int days = 1, int capacity = 60, bool isApproved = true)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var id = await connection.QuerySingleAsync<ClassId>("""
            insert into training_class (region, institution_id, programme_id, name, starts_on, ends_on, capacity, status, rate_fen, created_by, created_at)
            select @Region, @institution, p.id, 'class-' || gen_random_uuid(), @from, @to, @capacity,
                   case when @isApproved then 2 else 1 end, case when @isApproved then p.subsidy_fen end, (select id from account where login = 'manager'), @now
            from programme p where p.code = @programmeCode returning id
            """, new { DemoCounty.Region, institution, programmeCode, from = Today.AddDays(startsInDays), to = Today.AddDays(startsInDays + days - 1), capacity, isApproved, now = server.Clock.GetUtcNow() });
        for (var day = 0; day < days; day++)
        {
            await connection.ExecuteAsync("""
                insert into class_session (class_id, held_on, starts_at, ends_at, is_practice, hours) values (@id, @on, '09:00', '11:30', true, 3)
                """, new { id, on = Today.AddDays(startsInDays + day) });
        }
        return id;
    }

    /// <summary>Records a result for the voucher's enrolment.</summary>
    public async Task AssessAsync(PaperVoucher voucher, bool passed)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into assessment (enrolment_id, has_passed, recorded_by, recorded_at)
            select id, @passed, 1, @now from enrolment where voucher_id = @Id and is_active
            on conflict (enrolment_id) do update set has_passed = excluded.has_passed
            """, new { voucher.Id, passed, now = server.Clock.GetUtcNow() });
    }

    /// <summary>A terminal of the institution, paired and confirmed over HTTP as a real device is.</summary>
    public async Task<TestTerminal> PairAsync(int institution = 1)
    {
        using var clerk = await server.LogInAsync("clerk");
        var code = await PostAsync<TerminalEndpoints.NewCode>(clerk, "/api/terminals/pairing-codes", new { institutionId = institution });
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var client = new HttpClient { BaseAddress = server.Address };
        var name = $"窗口{Interlocked.Increment(ref _terminals)}";
        var paired = await PostAsync<PairingAnswer>(client, "/api/terminals/pair", new PairingRequest(code.Code, name, key.ExportSubjectPublicKeyInfo()));
        using var confirmed = await clerk.PostAsync($"/api/terminals/{paired.TerminalId}/confirm", null);
        confirmed.EnsureSuccessStatusCode();
        var terminal = new TestTerminal(client, new TerminalId(paired.TerminalId), key, server.Clock) { Name = name };
        await LogInAsync(terminal);
        return terminal;
    }

    /// <summary>Gets the terminal a new access token, as after the old one has run out.</summary>
    public async Task LogInAsync(TestTerminal terminal)
    {
        var login = await LogInAsync(terminal.Client, terminal.Id.Value, terminal.Key);
        terminal.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login.AccessToken);
    }

    public async Task<TerminalLoginAnswer> LogInAsync(HttpClient client, int terminal, ECDsa key)
    {
        var at = server.Clock.GetUtcNow();
        var signature = key.SignData(Encoding.ASCII.GetBytes(TerminalLogin.SignedText(terminal, at)), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return await PostAsync<TerminalLoginAnswer>(client, "/api/terminals/login", new TerminalLogin(terminal, at, signature));
    }

    public static async Task<T> PostAsync<T>(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }

    private static IdNumber NextIdNumber()
    {
        var count = Interlocked.Increment(ref _people);
        var first17 = $"6229261990{1 + count / 28 % 12:D2}{1 + count % 28:D2}{count / 336 % 1000:D3}";
        return IdNumber.Parse($"{first17}{IdNumber.CheckCharacter(first17)}");
    }
}

/// <summary>A paired terminal that scans over REST, counting its sequence.</summary>
public sealed class TestTerminal(HttpClient client, TerminalId id, ECDsa key, TimeProvider clock) : IDisposable
{
    private long _sequence;

    public TerminalId Id => id;
    public string Name { get; init; } = "";
    public ECDsa Key => key;
    public HttpClient Client => client;

    public ScanRequest NewScan(ScanMode mode, ClassId training, PaperVoucher voucher) => new(
        Guid.NewGuid(), Interlocked.Increment(ref _sequence), mode, training.Value, voucher.Digits, null, voucher.Holder.Value, clock.GetUtcNow());

    public Task<ScanAnswer> ScanAsync(ScanMode mode, ClassId training, PaperVoucher voucher) => SendAsync(NewScan(mode, training, voucher));

    public Task<ScanAnswer> SendAsync(ScanRequest scan) => ScanScene.PostAsync<ScanAnswer>(client, "/api/terminal/scans", scan);

    /// <summary>As a terminal does: the same id again, until there is an answer.</summary>
    public async Task<ScanAnswer> AskUntilAnsweredAsync(ScanRequest scan)
    {
        while (true)
        {
            using var response = await client.PostAsJsonAsync("/api/terminal/scans", scan);
            if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync<ScanAnswer>())!;
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        key.Dispose();
    }
}
