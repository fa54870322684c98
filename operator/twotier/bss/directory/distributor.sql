select id from organization where namespace = :namespace and name = :distributor
