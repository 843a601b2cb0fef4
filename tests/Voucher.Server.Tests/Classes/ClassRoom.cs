using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Policies;
using Voucher.Server.Ledger;

namespace Voucher.Server.Tests.Classes;

/// <summary>Makes classes through the API, and trainees and their scans as terminals would have left them in the database.</summary>
public sealed class ClassRoom(ServerUnderTest server)
{
    private static int _last;

    public DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    /// <summary>A form that is right: the noodle class, three days from today, one theory and three practice sessions.</summary>
    public Dictionary<string, object?> Form(string? name = null) => new()
    {
        ["programmeCode"] = 1002, ["name"] = name ?? $"班 {Interlocked.Increment(ref _last)}", ["site"] = "锁南镇", ["startsOn"] = Today,
        ["endsOn"] = Today.AddDays(2), ["capacity"] = 40,
        ["sessions"] = new[]
        {
            Session(Today, "08:30", "12:00", isPractice: false), Session(Today, "14:00", "17:30", isPractice: true),
            Session(Today.AddDays(1), "08:30", "12:00", isPractice: true), Session(Today.AddDays(2), "08:30", "12:00", isPractice: true),
        },
    };

    public static object Session(DateOnly heldOn, string startsAt, string endsAt, bool isPractice, int hours = 4) =>
        new { heldOn, startsAt, endsAt, isPractice, hours };

    public async Task<ClassId> OpenAsync(Dictionary<string, object?>? form = null)
    {
        using var manager = await server.LogInAsync("manager");
        using var answer = await manager.PostAsJsonAsync("/api/classes", form ?? Form());
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new ClassId((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64());
    }

    public async Task<ClassId> OpenApprovedAsync(Dictionary<string, object?>? form = null)
    {
        var id = await OpenAsync(form);
        using var approver = await server.LogInAsync("approver");
        using var answer = await approver.PostAsync($"/api/classes/{id}/approve", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return id;
    }

    /// <summary>A person with a voucher of 1,500 yuan, reserved on the first budget line, enrolled in the class.</summary>
    public async Task<(VoucherId Voucher, long Enrolment, BudgetLineId Line)> EnrolAsync(ClassId id, string name = "马小梅")
    {
        var number = Interlocked.Increment(ref _last);
        var voucher = new VoucherId(DemoCounty.Region, (uint)(1_000_000 + number));
        var now = server.Clock.GetUtcNow();
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var line = await connection.QuerySingleAsync<BudgetLineId>("select min(id) from budget_line");
        await connection.ExecuteAsync("""
            with p as (
                insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date,
                                    content_hash, created_at, changed_at)
                values (@Region, sha256(@key::bytea), '', '622926***********2', 0, @name, false, '1990-01-01', '', @now, @now) returning id),
            b as (
                insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection,
                                   status, people, drafted_by, drafted_by_staff, drafted_at)
                select @Region, 'test ' || @number, 1, 0, 150000, @today, @today + 90, @line, (select min(id) from policy_pack), '{}', 3, 1, a.id, a.staff_id, @now
                from account a where a.login = 'clerk' returning id)
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state,
                                 is_reserved, events, short_code, token)
            select @voucher, b.id, p.id, 1, 0, 150000, @line, @today, @today + 90, 3, true, 2, @number, decode(repeat('00', 83), 'hex') from p, b;
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, institution_id, class_id)
            values (@voucher, 1, 1, 0, 1, @now, null, null),
                   (@voucher, 2, 3, 1, 3, @now, (select institution_id from training_class where id = @id), @id);
            """,
            new { DemoCounty.Region, key = $"person {number}", name, now, number, today = Today, line, voucher, id }, transaction);
        var enrolment = await connection.QuerySingleAsync<long>("""
            insert into enrolment (voucher_id, person_id, class_id, enrolled_at)
            select id, person_id, @id, @now from voucher where id = @voucher returning id
            """, new { id, now, voucher }, transaction);
        var rule = (await server.Get<PolicyStore>().InForceOnAsync(Today))!.RuleOf(Core.Policies.Clause.Funds);
        LedgerMove[] moves = [new(line, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved, Fen.FromYuan(1500))];
        await LedgerBook.PostAsync(connection, transaction, LedgerTransactionKind.Reserve, $"test:{number}", rule, moves, null, now);
        await transaction.CommitAsync();
        return (voucher, enrolment, line);
    }

    /// <summary>What a terminal's scans leave behind: check-in, and check-out unless the trainee never scanned out.</summary>
    public async Task AttendAsync(long enrolment, SessionId session, bool checksOut = true)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into attendance (enrolment_id, session_id, checked_in_at, checked_out_at, in_scan_id, out_scan_id)
            select @enrolment, s.id, (s.held_on + s.starts_at) at time zone 'Asia/Shanghai',
                   case when @checksOut then (s.held_on + s.ends_at) at time zone 'Asia/Shanghai' end, gen_random_uuid(), case when @checksOut then gen_random_uuid() end
            from class_session s where s.id = @session
            """, new { enrolment, session, checksOut });
    }

    /// <summary>As a completion scan leaves the voucher.</summary>
    public async Task CompleteAsync(ClassId id, VoucherId voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update voucher set state = 4, events = 3 where id = @voucher;
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, class_id) values (@voucher, 3, 6, 3, 4, now(), @id);
            """, new { id, voucher });
    }

    public async Task<T> AskAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }
}
