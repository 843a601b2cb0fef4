namespace Voucher.Server.Register;

/// <summary>Whether what a form says of a person is there to be chosen.</summary>
public sealed class PersonChoiceStore(County county)
{
    public static Task<bool> IsSeenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, RegisterScope scope, PersonId id) =>
        connection.ExecuteScalarAsync<bool>(
            $"select exists (select from person p where {RegisterScope.OfPeople} and p.id = @id)",
            new { Region = region, scope.ScopeTownship, scope.ScopeVillage, scope.ScopeInstitution, id }, transaction);

    public Task<bool> IsTownshipAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int township) =>
        connection.ExecuteScalarAsync<bool>(
            "select exists (select from township where region = @Region and code = @township and effective_until is null)", new { county.Region, township }, transaction);

    public Task<bool> IsVillageAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlaceCode village) =>
        connection.ExecuteScalarAsync<bool>(
            "select exists (select from village where region = @Region and code = @village and effective_until is null)", new { county.Region, village }, transaction);

    public static Task<bool> AreTradesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<int> trades) =>
        connection.ExecuteScalarAsync<bool>(
            "select count(*) = @Count from trade where code = any(@codes)", new { trades.Count, codes = trades.ToArray() }, transaction);
}
