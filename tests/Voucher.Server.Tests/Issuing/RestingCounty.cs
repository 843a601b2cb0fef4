namespace Voucher.Server.Tests.Issuing;

/// <summary>One county at rest for the tests of issuing at scale; each makes its own people and batches.</summary>
[CollectionDefinition(nameof(RestingCounty))]
public sealed class RestingCounty : ICollectionFixture<CountyAtRest>;
