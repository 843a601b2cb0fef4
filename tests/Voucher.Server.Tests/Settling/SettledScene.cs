using System.Security.Cryptography;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.People;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Register;
using Voucher.Server.Ledger;

namespace Voucher.Server.Tests.Settling;

/// <summary>
/// Everything that stands before a claim, written by hand: a budget line with money, a batch drafted by one person and
/// approved by another, a class that has been taught and checked, and vouchers that went the whole way through it.
/// </summary>
public sealed class SettledScene
{
    private const int Sessions = 2;
    private static readonly Fen Allocation = Fen.FromYuan(1_000_000);
    private static int _made;

    private readonly ServerUnderTest _server;
    private readonly PolicyId _policy;
    private readonly int _terminal;
    private readonly long[] _sessions;
    private readonly DateTimeOffset _start;

    public BudgetLineId BudgetLine { get; }
    public ClassId Class { get; }
    public InstitutionId Institution { get; }
    public Fen Rate { get; }
    public Fen FaceValue { get; }

    private SettledScene(
        ServerUnderTest server, PolicyId policy, int terminal, long[] sessions, DateTimeOffset start,
        BudgetLineId budgetLine, ClassId @class, InstitutionId institution, Fen rate, Fen faceValue) =>
        (_server, _policy, _terminal, _sessions, _start, BudgetLine, Class, Institution, Rate, FaceValue) =
        (server, policy, terminal, sessions, start, budgetLine, @class, institution, rate, faceValue);

    /// <param name="manager">Log-in whose institution teaches the class.</param>
    /// <param name="isChecked">Whether the class has had its spot check.</param>
    /// <param name="ownSource">Money of a source of its own, so that nothing is kept from it for what others owe.</param>
    public static async Task<SettledScene> BuildAsync(
        ServerUnderTest server, long rateYuan = 1200, long faceValueYuan = 1500, string manager = "manager", bool isChecked = true, bool ownSource = false)
    {
        var number = Interlocked.Increment(ref _made);
        var institution = (await ActorAsync(server, manager)).Institution!.Value;
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var policy = await connection.QuerySingleAsync<PolicyId>("select id from policy_pack order by id limit 1");
        var start = server.Clock.GetUtcNow().AddDays(-20);
        var line = await AllocateAsync(connection, transaction, number, start, ownSource);
        await SetPayeeAsync(connection, server, institution);
        var terminal = await connection.QuerySingleAsync<int>("""
            insert into terminal (region, institution_id, name, public_key, fingerprint, status, paired_at)
            values (@Region, @institution, @name, '\x00', 'test', 2, @start) returning id
            """, new { DemoCounty.Region, institution, name = $"终端{number}", start }, transaction);
        var training = await connection.QuerySingleAsync<ClassId>("""
            insert into training_class (region, institution_id, programme_id, name, starts_on, ends_on, capacity, status, rate_fen,
                                        created_by, created_at, approved_by, approved_at)
            select @Region, @institution, p.programme_id, @name, @from, @to, 60, 2, @rate, m.id, @start, a.id, @start
            from institution_programme p, account m, account a
            where p.institution_id = @institution and m.login = @manager and a.login = 'approver' order by p.programme_id limit 1
            returning id
            """,
            new
            {
                DemoCounty.Region, institution, name = $"电焊{number}班", from = CountyTime.DayOf(start), to = CountyTime.DayOf(start.AddDays(10)),
                rate = Fen.FromYuan(rateYuan), start, manager,
            }, transaction);
        var sessions = (await connection.QueryAsync<long>("""
            insert into class_session (class_id, held_on, starts_at, ends_at, is_practice, hours)
            select @training, @day + n, '08:00', '12:00', n > 0, 4 from generate_series(0, @last) n returning id
            """, new { training, day = CountyTime.DayOf(start), last = Sessions - 1 }, transaction)).ToArray();
        await transaction.CommitAsync();
        var scene = new SettledScene(
            server, policy, terminal, sessions, start, line, training, institution, Fen.FromYuan(rateYuan), Fen.FromYuan(faceValueYuan));
        if (isChecked) await scene.SpotCheckAsync();
        return scene;
    }

    public static async Task<Actor> ActorAsync(ServerUnderTest server, string login) =>
        (await server.Get<AccountStore>().FindAsync(login))!.Value.Actor;

    public Task<Actor> ActorAsync(string login) => ActorAsync(_server, login);

    /// <param name="at">A few days after the class unless given.</param>
    public async Task SpotCheckAsync(bool isClean = true, DateTimeOffset? at = null)
    {
        await using var connection = await _server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into spot_check (class_id, checked_by, checked_at, present, finding, is_clean)
            select @Class, id, @at, 30, '到课记录', @isClean from account where login = 'clerk'
            """, new { Class, at = at ?? _start.AddDays(5), isClean });
    }

    /// <summary>Vouchers that were issued, handed over, enrolled, attended with and completed.</summary>
    public Task<IReadOnlyList<VoucherId>> CompletedVouchersAsync(int count) => VouchersAsync(count, isCompleted: true);

    /// <summary>Vouchers that are still in training.</summary>
    public Task<IReadOnlyList<VoucherId>> EnrolledVouchersAsync(int count) => VouchersAsync(count, isCompleted: false);

    private async Task<IReadOnlyList<VoucherId>> VouchersAsync(int count, bool isCompleted)
    {
        await using var connection = await _server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var batch = await InsertBatchAsync(connection, transaction, count);
        var last = await connection.QuerySingleAsync<long>("""
            insert into voucher_serial (region, next_serial) values (@Region, 1 + @count)
            on conflict (region) do update set next_serial = voucher_serial.next_serial + @count returning next_serial
            """, new { DemoCounty.Region, count }, transaction);
        List<VoucherId> vouchers = [.. Enumerable.Range(0, count).Select(n => new VoucherId(DemoCounty.Region, (uint)(last - count + n)))];
        var (key, newSigner) = (await _server.Get<IssuingKeys>().SigningKeyAsync(ValidUntil))!.Value;
        using var signer = newSigner();
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            var token = signer.Sign(new TokenClaims(
                SignatureSuite.P256, key, vouchers[ordinal], VoucherKind.General, Nonce: 0, ValidUntil, new VoucherScope(0), new HolderCheck(7)));
            await InsertVoucherAsync(connection, transaction, batch, ordinal, token, isCompleted);
        }
        await transaction.CommitAsync();
        return vouchers;
    }

    private DateOnly ValidUntil => CountyTime.DayOf(_start.AddDays(90));

    private async Task<BatchId> InsertBatchAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int count)
    {
        var batch = await connection.QuerySingleAsync<BatchId>("""
            insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, status,
                               people, written, drafted_by, drafted_by_staff, drafted_at, approved_by, approved_by_staff, approved_at, finished_at)
            select @Region, '测试批次', 1, 0, @FaceValue, @from, @to, @BudgetLine, @_policy, '{}', 3,
                   @count, @count, c.id, c.staff_id, @_start, a.id, a.staff_id, @_start, @_start
            from account c, account a where c.login = 'clerk' and a.login = 'approver'
            returning id
            """,
            new
            {
                DemoCounty.Region, FaceValue, from = CountyTime.DayOf(_start), to = ValidUntil, BudgetLine, _policy, count, _start,
            }, transaction);
        LedgerMove[] reserve = [new(BudgetLine, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved, FaceValue * count)];
        Assert.Null(await LedgerBook.PostAsync(connection, transaction, LedgerTransactionKind.Reserve, $"batch:{batch}", TestRule, reserve, null, _start));
        return batch;
    }

    private async Task InsertVoucherAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId batch, int ordinal, VoucherToken token, bool isCompleted)
    {
        var voucher = token.Voucher;
        var events = 3 + (isCompleted ? 2 * Sessions + 1 : 0);
        var enrolment = await connection.QuerySingleAsync<long>("""
            with person as (
                insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date,
                                    content_hash, created_at, changed_at)
                values (@Region, @hash, @sealedNumber, '622926********0000', 7, @name, true, '1990-01-01', '\x00', @_start, @_start) returning id),
            member as (insert into batch_person (batch_id, ordinal, person_id) select @batch, @ordinal, id from person),
            voucher as (
                insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state,
                                     is_reserved, events, short_code, token)
                select @voucher, @batch, id, 1, 0, @FaceValue, @BudgetLine, @from, @to, @state, true, @events, @code, @token from person)
            insert into enrolment (voucher_id, person_id, class_id, enrolled_at) select @voucher, id, @Class, @_start from person
            returning id
            """,
            new
            {
                DemoCounty.Region, hash = RandomNumberGenerator.GetBytes(32), name = $"马测试{ordinal}", _start, batch, ordinal, voucher, FaceValue, BudgetLine,
                sealedNumber = _server.Get<PersonalData>().Seal("62292619900101000" + IdNumber.CheckCharacter("62292619900101000")),
                from = CountyTime.DayOf(_start), to = ValidUntil, state = isCompleted ? 4 : 3, events,
                code = token.ShortCode, token = token.Bytes.ToArray(), Class,
            }, transaction);
        await AppendAsync(connection, transaction, voucher, 1, VoucherEventKind.Issued, 1, 1, null);
        await AppendAsync(connection, transaction, voucher, 2, VoucherEventKind.HandedOver, 1, 2, null);
        await AppendAsync(connection, transaction, voucher, 3, VoucherEventKind.Enrolled, 2, 3, null, scanned: true);
        if (isCompleted) await CompleteAsync(connection, transaction, voucher, enrolment);
    }

    private async Task CompleteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId voucher, long enrolment)
    {
        var number = 4;
        foreach (var session in _sessions)
        {
            var checkIn = await AppendAsync(connection, transaction, voucher, number++, VoucherEventKind.CheckedIn, 3, 3, session, scanned: true);
            var checkOut = await AppendAsync(connection, transaction, voucher, number++, VoucherEventKind.CheckedOut, 3, 3, session, scanned: true);
            await connection.ExecuteAsync("""
                insert into attendance (enrolment_id, session_id, checked_in_at, checked_out_at, in_scan_id, out_scan_id)
                values (@enrolment, @session, @_start, @_start, @checkIn, @checkOut)
                """, new { enrolment, session, _start, checkIn, checkOut }, transaction);
        }
        var completion = await AppendAsync(connection, transaction, voucher, number, VoucherEventKind.Completed, 3, 4, null, scanned: true);
        await connection.ExecuteAsync("""
            insert into assessment (enrolment_id, theory_score, practice_score, has_passed, recorded_by, recorded_at)
            select @enrolment, 82, 91, true, id, @at from account where login = 'manager';
            insert into completion (voucher_id, enrolment_id, completed_at, scan_id) values (@voucher, @enrolment, @at, @completion);
            """, new { enrolment, voucher, completion, at = _start.AddDays(11) }, transaction);
    }

    /// <summary>One event, with its scan where a terminal made it; returns the scan's id.</summary>
    private async Task<Guid?> AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        VoucherId voucher, int number, VoucherEventKind kind, int from, int to, long? session, bool scanned = false)
    {
        Guid? scan = scanned ? Guid.NewGuid() : null;
        if (scanned)
        {
            await connection.ExecuteAsync("""
                with head as (select coalesce(max(sequence), 0) + 1 as sequence from scan where terminal_id = @_terminal)
                insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, event_number, scanned_at, received_at, answer)
                select @scan, @_terminal, sequence, @hash, 1, @Class, @voucher, @number, @_start, @_start, '{}' from head
                """, new { scan, _terminal, hash = new byte[32], Class, voucher, number, _start }, transaction);
        }
        await connection.ExecuteAsync("""
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, terminal_id, scan_id, class_id, session_id)
            values (@voucher, @number, @kind, @from, @to, @_start, @terminal, @scan, @Class, @session)
            """,
            new { voucher, number, kind = (short)kind, from, to, _start, terminal = scanned ? _terminal : (int?)null, scan, Class, session }, transaction);
        return scan;
    }

    private static Rule TestRule => DemoPolicy.For(DemoCounty.Region).RuleOf(Clause.Funds);

    private static async Task<BudgetLineId> AllocateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int number, DateTimeOffset now, bool ownSource)
    {
        if (ownSource)
            await connection.ExecuteAsync("insert into fund_source (region, name, document_no) values (@Region, @name, '测试')", new { DemoCounty.Region, name = $"测试来源{number}" }, transaction);
        var line = await connection.QuerySingleAsync<BudgetLineId>("""
            insert into budget_line (region, fund_source_id, year, department, name)
            select region, id, 2026, '县人社局', @name from fund_source order by case when @ownSource then -id else id end limit 1 returning id
            """, new { name = $"测试项目{number}", ownSource }, transaction);
        LedgerMove[] allocate = [new(line, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, Allocation)];
        Assert.Null(await LedgerBook.PostAsync(connection, transaction, LedgerTransactionKind.Allocate, $"allocate:{line}", TestRule, allocate, null, now));
        return line;
    }

    private static Task SetPayeeAsync(NpgsqlConnection connection, ServerUnderTest server, InstitutionId institution) =>
        connection.ExecuteAsync("""
            insert into payee_account (region, institution_id, holder_name, bank, account_sealed, account_masked, proposed_at, verified_at, usable_from)
            select i.region, i.id, i.name, '东乡农商行', @account, '6228****8888', @now, @now, @today from institution i
            where i.id = @institution and not exists (
                select from payee_account a where a.institution_id = i.id and a.ended_at is null and a.account_masked = '6228****8888'
                  and not exists (select from replaced_payee_account k where k.payee_account_id = a.id))
            """,
            new
            {
                institution, account = server.Get<PersonalData>().Seal(Account), now = server.Clock.GetUtcNow(), today = CountyTime.DayOf(server.Clock.GetUtcNow()),
            });

    /// <summary>The payee account of every institution in the scene.</summary>
    public const string Account = "6228000000000008888";

    /// <summary>Balances of the scene's budget line by kind of account; allocated is negative.</summary>
    public async Task<Dictionary<LedgerAccountKind, Fen>> BalancesAsync()
    {
        await using var connection = await _server.Database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(int Kind, long Fen)>(
            "select kind::int, balance_fen from ledger_account where budget_line_id = @BudgetLine", new { BudgetLine });
        var balances = Enum.GetValues<LedgerAccountKind>().ToDictionary(kind => kind, _ => Fen.Zero);
        foreach (var (kind, fen) in rows) balances[(LedgerAccountKind)kind] = new Fen(fen);
        return balances;
    }

    /// <summary>Expects the line's money, in yuan, where it should be.</summary>
    public async Task ExpectAsync(long reserved, long payable, long paid)
    {
        var balances = await BalancesAsync();
        Assert.Equal(Fen.FromYuan(reserved), balances[LedgerAccountKind.Reserved]);
        Assert.Equal(Fen.FromYuan(payable), balances[LedgerAccountKind.Payable]);
        Assert.Equal(Fen.FromYuan(paid), balances[LedgerAccountKind.Paid]);
        Assert.Equal(Allocation - Fen.FromYuan(reserved + payable + paid), balances[LedgerAccountKind.Unreserved]);
    }
}
