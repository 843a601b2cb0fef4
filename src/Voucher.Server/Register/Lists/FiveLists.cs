namespace Voucher.Server.Register.Lists;

/// <summary>
/// 一库五名单 (text 001): the register and its five standing lists. They begin as the text's near-namesake 一库五册 has them;
/// a county renames and redefines them as it likes.
/// </summary>
public sealed class FiveLists(NpgsqlDataSource database, County county, TimeProvider clock)
{
    public static readonly IReadOnlyList<(string Name, string Definition)> Usual =
    [
        ("贫困劳动力名单", "建档立卡户中16至60周岁、有劳动能力的人"),
        ("培训名单", "有培训意愿、列入培训计划或正在参训的人"),
        ("转移就业名单", "已经外出务工或有转移就业意愿的人"),
        ("自主创业名单", "已经创业或参加创业培训的人"),
        ("公益岗位名单", "安置在公益性岗位的人"),
    ];

    /// <summary>Makes those of the five that are not there; returns how many were made.</summary>
    public async Task<Outcome<int>> AddMissingAsync(Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        return await AddMissingAsync(database, county.Region, actor.Account, clock.GetUtcNow());
    }

    internal static async Task<int> AddMissingAsync(NpgsqlDataSource database, RegionCode region, AccountId? by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var made = 0;
        foreach (var ((name, definition), index) in Usual.Select((list, index) => (list, index)))
        {
            if (await ListStore.AddAsync(connection, transaction, region, name, ListKind.Standing, definition, index + 1, year: null) is not { } id) continue;
            made++;
            await AuditTrail.AppendAsync(connection, transaction, now, by, "list.add", $"list:{id}", name,
                by is null ? Ground.Command : Ground.Under(Permission.EditRegister));
        }
        await transaction.CommitAsync();
        return made;
    }
}
