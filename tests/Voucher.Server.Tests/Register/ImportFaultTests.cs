using Voucher.Server.Database;
using Dapper;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

/// <summary>What the database says of an import decides whether it is tried again.</summary>
public sealed class ImportFaultTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly TimeSpan Patience = WorkBell.LookAgain * 3;

    [Fact]
    public async Task An_import_that_the_database_will_never_take_is_given_up_and_the_next_one_runs()
    {
        using var clerk = await server.LogInAsync("clerk");
        await ExecuteAsync("alter table person add constraint none_of_this_name check (name <> '马不行')");
        var first = await clerk.ImportAsync("a.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.Name, "马不行")))).WaitAsync(Patience);
        Assert.Equal("Failed", first.Status);
        Assert.DoesNotContain("none_of_this_name", first.Failure, StringComparison.Ordinal);
        var second = await clerk.ImportAsync("b.csv", Roster.Csv(Roster.Header, Roster.Row())).WaitAsync(Patience);
        Assert.Equal(("Finished", 1), (second.Status, second.Added));
    }

    [Fact]
    public async Task An_import_that_met_a_passing_trouble_is_tried_again()
    {
        using var clerk = await server.LogInAsync("clerk");
        await ExecuteAsync("""
            create sequence troubles;
            create function be_in_trouble() returns trigger language plpgsql as $$
            begin
                if nextval('troubles') = 1 then raise exception 'a replica for now' using errcode = '25006'; end if;
                return new;
            end $$;
            create trigger trouble before insert on person for each row when (new.name = '马再来') execute function be_in_trouble();
            """);
        var import = await clerk.ImportAsync("c.csv", Roster.Csv(Roster.Header, Roster.Row((Roster.Name, "马再来")))).WaitAsync(Patience);
        Assert.Equal(("Finished", 1), (import.Status, import.Added));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
