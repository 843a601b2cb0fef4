using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Register.Lists;
using Voucher.Server.Settling;

namespace Voucher.Server.Demo;

/// <summary>
/// 东乡族自治县 for trying out: townships, rules, trades that text 004 names, twelve institutions, budget lines, log-ins.
/// Everything is made up but the names of places and trades; loading it again changes nothing.
/// </summary>
public sealed class DemoCounty(NpgsqlDataSource database, AccountStore accounts, PersonalData secrets, TimeProvider clock)
{
    public static readonly RegionCode Region = new(622926);
    public const string Name = "东乡族自治县";

    /// <summary>Made up, and nobody's.</summary>
    public const string Phone = "0930-0000000";

    /// <summary>The budget that the county may issue from: enough for the three-year plan of 54,115.</summary>
    public static readonly Fen Budget = Fen.FromYuan(120_000_000);

    /// <param name="password">Of every demo log-in.</param>
    public async Task LoadAsync(string password)
    {
        await using (var connection = await database.OpenConnectionAsync())
        {
            await LoadPlacesAsync(connection);
            await LoadMenuAsync(connection);
            await LoadPayeesAsync(connection);
            await DemoInstitutions.LoadAsync(connection, secrets, clock.GetUtcNow());
        }
        await new PolicyStore(database, new County(Region, Name), clock).AddAsync(DemoPolicy.For(Region));
        await FiveLists.AddMissingAsync(database, Region, null, clock.GetUtcNow());
        await LoadAccountsAsync(password);
        await using (var connection = await database.OpenConnectionAsync()) await DemoProgrammes.LoadAsync(connection, Region, clock.GetUtcNow());
        await LoadBudgetAsync();
        var (clerk, approver) = ((await accounts.FindAsync("clerk"))!.Value.Actor, (await accounts.FindAsync("approver"))!.Value.Actor);
        await DemoPlan.LoadAsync(database, new County(Region, Name), clerk, approver, clock.GetUtcNow());
    }

    private static async Task LoadPlacesAsync(NpgsqlConnection connection)
    {
        await connection.ExecuteAsync(
            "insert into county (region, name, phone) values (@Region, @Name, @Phone) on conflict do nothing", new { Region, Name, Phone });
        await connection.ExecuteAsync("""
            insert into township (code, region, name) values (@Code, @Region, @Name) on conflict do nothing
            """, DemoPlaces.Townships.Select(place => new { place.Code, Region, place.Name }));
        await connection.ExecuteAsync("""
            insert into village (code, region, township_code, name)
            select code, @Region, code / 1000, name from unnest(@codes, @names) as new (code, name) on conflict do nothing
            """, new { Region, codes = DemoPlaces.Villages.Select(place => place.Code.Value).ToArray(), names = DemoPlaces.Villages.Select(place => place.Name).ToArray() });
    }

    private static async Task LoadMenuAsync(NpgsqlConnection connection)
    {
        await connection.ExecuteAsync(
            "insert into trade (code, name) values (@Code, @Name) on conflict do nothing", DemoMenu.Trades.Select(trade => new { trade.Code, trade.Name }));
        await connection.ExecuteAsync("""
            insert into programme (region, code, name, trade_code, theory_hours, practice_hours, subsidy_fen, level, kind, mode, safety_hours)
            values (@Region, @Code, @Name, @Trade, @Theory, @Practice, @Subsidy, @Level, @Kind, @Mode, @Safety) on conflict do nothing
            """,
            from p in DemoMenu.Programmes
            let more = DemoProgrammes.Of(p.Code)
            select new
            {
                Region, p.Code, p.Name, p.Trade, p.Theory, p.Practice, p.Subsidy,
                Level = (short)more.Level, Kind = (short)more.Kind, Mode = (short)more.Mode, more.Safety,
            });
        await connection.ExecuteAsync("""
            insert into institution (region, uscc, name, address, phone, capacity, accredited_from, accredited_until, is_demo)
            values (@Region, @Uscc, @Name, @Address, @Phone, @Capacity, '2020-01-01', '2099-12-31', true) on conflict do nothing
            """, DemoMenu.Institutions.Select(i => new { Region, Uscc = i.Uscc.ToString(), i.Name, i.Address, i.Phone, i.Capacity }));
        await connection.ExecuteAsync("""
            insert into institution_programme (institution_id, programme_id)
            select i.id, p.id from institution i, programme p
            where i.uscc = @Uscc and p.region = @Region and p.code = any(@Programmes) on conflict do nothing
            """, DemoMenu.Institutions.Select(i => new { Region, Uscc = i.Uscc.ToString(), i.Programmes }));
    }

    /// <summary>A made-up account for each institution that has none, so that the demo can be paid out.</summary>
    private Task LoadPayeesAsync(NpgsqlConnection connection) => connection.ExecuteAsync("""
        insert into payee_account (region, institution_id, holder_name, bank, account_sealed, account_masked, proposed_at, verified_at, usable_from)
        select i.region, i.id, i.name, '示例银行东乡支行', @account, @masked, @now, @now, '2016-01-01' from institution i
        where i.uscc = @Uscc and not exists (select from payee_account a where a.institution_id = i.id)
        """,
        DemoMenu.Institutions.Select((institution, index) => new
        {
            Uscc = institution.Uscc.ToString(),
            account = secrets.Seal($"6200000000000{index + 1:D6}"),
            masked = $"6200***********{(index + 1) % 10_000:D4}",
            now = clock.GetUtcNow(),
        }));

    private async Task LoadAccountsAsync(string password)
    {
        await using var connection = await database.OpenConnectionAsync();
        var first = await connection.QuerySingleAsync<InstitutionId>(
            "select id from institution where uscc = @uscc", new { uscc = DemoMenu.Institutions[0].Uscc.ToString() });
        var second = await connection.QuerySingleAsync<InstitutionId>(
            "select id from institution where uscc = @uscc", new { uscc = DemoMenu.Institutions[1].Uscc.ToString() });
        (string Login, string Name, Role Role, InstitutionId? Institution, PlaceCode? Place)[] people =
        [
            ("clerk", "马经办", Role.Clerk, null, null),
            ("approver", "杨审批", Role.Approver, null, null),
            ("reviewer", "汪审核", Role.Reviewer, null, null),
            ("finance", "唐财务", Role.Finance, null, null),
            ("finance2", "妥财务", Role.Finance, null, null),
            ("auditor", "锁审计", Role.Auditor, null, null),
            ("operator", "魏运维", Role.Operator, null, null),
            ("manager", "赵校长", Role.Manager, first, null),
            ("desk", "关前台", Role.FrontDesk, first, null),
            ("manager2", "高校长", Role.Manager, second, null),
            ("township", "龙乡镇", Role.TownshipStaff, null, new PlaceCode(DemoPlaces.Townships[0].Code)),
            ("village", "董村委", Role.VillageStaff, null, DemoPlaces.VillageOf(DemoPlaces.Townships[0].Code, 1)),
        ];
        var passwordHash = LogIn.HashPassword(password);
        foreach (var (login, name, role, institution, place) in people)
        {
            // Saving it anew would end its sessions.
            if (await accounts.FindAsync(login) is { } known && LogIn.IsPassword(known.Account.PasswordHash, password)) continue;
            await accounts.SaveAsync(login, name, passwordHash, [role], institution, clock.GetUtcNow(), place);
        }
    }

    private async Task LoadBudgetAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var rule = DemoPolicy.For(Region).RuleOf(Clause.Funds);
        foreach (var (source, documentNo, kind, line, department, share) in DemoMenu.BudgetLines)
        {
            var id = await connection.QuerySingleOrDefaultAsync<BudgetLineId?>("""
                with source as (
                    insert into fund_source (region, name, document_no, kind) values (@Region, @source, @documentNo, @kind)
                    on conflict (region, name) do update set document_no = excluded.document_no, kind = excluded.kind
                    returning id)
                insert into budget_line (region, fund_source_id, year, department, name)
                select @Region, source.id, @year, @department, @line from source
                on conflict do nothing
                returning id
                """, new { Region, source, documentNo, kind = (short)kind, year = CountyTime.DayOf(now).Year, department, line }, transaction);
            if (id is not { } budgetLine) continue;
            LedgerMove[] moves = [new(budgetLine, LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved, new Fen(Budget.Value / 100 * share))];
            await LedgerBook.PostAsync(connection, transaction, LedgerTransactionKind.Allocate, $"allocate:{budgetLine}", rule, moves, null, now);
        }
        await transaction.CommitAsync();
    }
}
