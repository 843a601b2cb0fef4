using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core.People;
using Voucher.Server.Register;

namespace Voucher.Server.Tests.Register;

/// <summary>Looks into the register beside the API.</summary>
public static class RegisterOf
{
    public static async Task<PersonSheet> FindAsync(this ServerUnderTest server, string idNumber)
    {
        var people = server.Get<PersonStore>();
        var id = await people.FindAsync(RegisterScope.County, server.Get<PersonalData>().LookupHash(IdNumber.Parse(idNumber)));
        Assert.NotNull(id);
        return (await people.GetAsync(RegisterScope.County, id.Value))!;
    }

    /// <summary>Equal as long as no row of the register was touched; or, as it may be, no more of it than which imports had it.</summary>
    public static async Task<string> RegisterDigestAsync(this ServerUnderTest server, bool withImports = true)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<string>(withImports
            ? "select md5(string_agg(p::text || p.xmin, '|' order by id)) from person p"
            : "select md5(string_agg((to_jsonb(p) - 'imports')::text, '|' order by id)) from person p"))!;
    }
}
